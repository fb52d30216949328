/* What a careful reader says of who did what to whom, in sentences as documenters and witnesses write them,
 * with each of the parties in turn: the roles hang on the grammar, never on the name. For the shipped rules.
 */
#include "tests.h"

#include <stdio.h>

/* p did it, d did it and denies it or is said not to have, t was hit, l held the place or was there, s says
 * it; nothing of these: named only. */
struct sentence {
	const char *text, *a, *b;
};

struct name {
	const char *id, *text;
};

static const struct name en_names[] = { { "gov_sy", "Assad's forces" }, { "russia", "Russian forces" },
	{ "turkey", "Turkish forces" }, { "israel", "Israeli forces" }, { "us", "American forces" },
	{ "coalition", "coalition forces" }, { "iran", "Iranian forces" }, { "isis", "ISIS" },
	{ "hezbollah", "Hezbollah" }, { "sdf", "SDF" }, { "hts", "HTS" }, { "sna", "Syrian National Army" },
	{ "opposition", "Free Syrian Army" } };
static const struct name ar_names[] = { { "gov_sy", "قوات الأسد" }, { "russia", "القوات الروسية" },
	{ "turkey", "القوات التركية" }, { "israel", "القوات الإسرائيلية" }, { "us", "القوات الأمريكية" },
	{ "coalition", "قوات التحالف" }, { "iran", "القوات الإيرانية" }, { "isis", "داعش" },
	{ "hezbollah", "حزب الله" }, { "sdf", "قوات سوريا الديمقراطية" }, { "hts", "هيئة تحرير الشام" },
	{ "sna", "الجيش الوطني السوري" }, { "opposition", "الجيش الحر" } };

static const struct sentence en[] = {
	/* subject and verb */
	{ "{A} bombed the market at noon and killed six people.", "p", "" },
	{ "{A} entered the village, killed three men and set fire to their houses.", "p", "" },
	{ "On Friday {A} raided the camp and detained eleven men.", "p", "" },
	{ "Witnesses said that {A} had indiscriminately shelled the old town.", "p", "" },
	{ "{A} have been shooting at refugees for weeks.", "p", "" },
	{ "{A} who had surrounded the village shot dead two brothers.", "p", "" },
	{ "{A} prevented ambulances from reaching the wounded.", "p", "" },
	{ "{A} carried out attacks near the border with {B}.", "p", "l" },
	{ "{A} stationed near the border with {B} shot at refugees.", "p", "l" },
	{ "{A} shelled positions of {B} near the town.", "p", "t" },
	{ "{A} attacked {B} at dawn.", "p", "t" },
	{ "{A} executed captured fighters of {B}.", "p", "t" },
	{ "{A} took control of a post, detained an officer of {B}, and then beat him.", "p", "t" },
	{ "{A} tortured a soldier of {B} to death.", "p", "t" },
	/* passives */
	{ "The market was bombed by {A}.", "p", "" },
	{ "Six people were killed in an air strike carried out by {A} on the town.", "p", "" },
	{ "The bakery was struck, witnesses said, by {A}.", "p", "" },
	{ "The detainees were beaten and burned with cigarettes by {A}.", "p", "" },
	{ "Three soldiers of {B} were killed by {A}.", "p", "t" },
	{ "{B} were attacked by {A} at dawn.", "p", "t" },
	{ "Fighters of {B} were captured and later executed by {A}.", "p", "t" },
	{ "The commander of {A} was assassinated yesterday.", "t", "" },
	{ "{A} were being shelled when the house collapsed.", "t", "" },
	/* nouns */
	{ "The bombardment by {A} killed two children.", "p", "" },
	{ "The bombardment of the town by {A} killed two children.", "p", "" },
	{ "{A} airstrikes hit a school.", "p", "" },
	{ "Two children died in shelling by {A}.", "p", "" },
	{ "An attack by {A} on {B} left four dead.", "p", "t" },
	{ "A report documents torture by {A} in its prisons.", "p", "" },
	{ "The killing of prisoners at the hands of {A} went on for months.", "p", "" },
	/* two together */
	{ "{A} and {B} bombed the village.", "p", "p" },
	{ "The hospital was hit in strikes by {A} and {B}.", "p", "p" },
	{ "{A} shelled the camp, and {B} opened fire on those who fled.", "p", "p" },
	/* who stands behind it */
	{ "Militias backed by {A} killed nine villagers.", "", "" },
	{ "Fighters loyal to {A} looted shops.", "", "" },
	{ "{A}, backed by {B}, stormed the village and burned houses.", "p", "" },
	{ "The village was shelled by {A}, supported by {B}.", "p", "" },
	{ "The prison, where men were tortured, is under the command of {A}.", "p", "" },
	{ "The prisoners were shot on the orders of {A}.", "p", "" },
	{ "Officers of {A} were present at interrogations in which torture was used.", "p", "" },
	{ "The executioner was identified as a man from {A}.", "p", "" },
	{ "A video shows members of a {A} component militia, the Northern Battalion, torturing a man.", "p",
	    "" },
	/* who says it */
	{ "{A} said that {B} had shelled the hospital.", "s", "p" },
	{ "According to {A}, {B} shelled the hospital.", "s", "p" },
	{ "{A} state media alleged that {B} kidnapped eleven men.", "s", "p" },
	{ "{A} accused {B} of torturing prisoners.", "s", "p" },
	{ "{B} were accused by {A} of torturing prisoners.", "s", "p" },
	{ "{A} condemned the killing of ten people by {B}.", "s", "p" },
	{ "{A} called on {B} to investigate the killing.", "s", "" },
	{ "{A} and {B} vetoed a resolution on the killings.", "", "" },
	/* own and others' words of guilt */
	{ "{A} claimed responsibility for the bombing.", "p", "" },
	{ "{A} admitted that a civilian was killed in a strike.", "p", "" },
	{ "{A} admitted killing two children in the bombing.", "p", "" },
	{ "{A} acknowledged responsibility for the raid in which a child died.", "p", "" },
	{ "{A} said they had killed eleven men in the raid.", "p", "" },
	{ "Residents blamed {A} for the massacre.", "p", "" },
	{ "The massacre was blamed on {A}.", "p", "" },
	{ "{A} were held responsible for the deaths of ten detainees.", "p", "" },
	{ "{A} denied bombing the hospital.", "ds", "" },
	{ "{A} bombed the hospital, but {A} denied it.", "ps", "" },
	{ "Two men were shot, and {A} denied any role in the killing.", "ds", "" },
	{ "{A} denied that {B} had bombed the hospital.", "s", "d" },
	{ "{A} did not bomb the hospital.", "d", "" },
	{ "{A} were not responsible for the attack.", "d", "" },
	/* where */
	{ "Shells fired from areas held by {A} hit the school.", "l", "" },
	{ "They were last seen at a checkpoint manned by {A}, and their bodies were found later.", "l", "" },
	{ "{A} withdrew from the town after the massacre.", "", "" },
	{ "Civilians fleeing {A} were shot by {B}.", "", "p" },
	/* witnesses */
	{ "The men of {A} came at night and took my brother.", "p", "" },
	{ "{A} took my brother from the house and we never saw him again.", "p", "" },
	{ "Soldiers from {A} broke down the door and beat my father.", "p", "" },
	{ "My cousin was shot by a sniper of {A} while he was getting bread.", "p", "" },
	{ "I was beaten with cables by men of {A}.", "p", "" },
	{ "They handed my brother to {A}, who tortured him.", "p", "" },
	{ "He was dragged from his car, and men in uniforms of {A} beat him.", "p", "" },
	{ "We saw a helicopter of {A} drop two barrels on the market, killing a child.", "p", "" },
	{ "The soldiers, who belonged to {A}, shot my uncle in the head.", "p", "" },
	{ "My father died in the custody of {A} after he was tortured.", "l", "" },
	{ "I do not know whether {A} or {B} bombed our house.", "p", "p" },
	{ "It was not {A} but {B} who shelled the school.", "", "p" },
	{ "{A} rejected accusations that they bombed the hospital.", "ds", "" },
	{ "The investigation blamed the strike on {A}.", "p", "" },
	{ "My brother joined {A} and was killed in battle.", "", "" },
	{ "{A}, {B} and their allies have bombed hospitals.", "p", "p" },
	{ "{A} subjected detainees to beatings and electric shocks.", "p", "" },
	{ "Two men were killed by snipers who fire at anyone, and {A} denied it.", "s", "" },
	{ "A helicopter of {A} was shot down by {B}.", "t", "p" },
	{ "The bombs were made by {A} and dropped by {B}.", "", "p" },
	{ "{A} should investigate the killing of the family.", "", "" },
	{ "An investigation by {A} found that {B} had killed the family.", "s", "p" },
	{ "The man was accused of spying for {A} and was beheaded by {B}.", "", "p" },
	{ "Rockets launched from areas under the control of {A} killed a girl.", "l", "" },
	{ "We were hiding in the cellar when {A} bombed us.", "p", "" },
	{ "{A} evacuated the wounded after {B} bombed the market.", "", "p" },
	{ "{A} hosted talks after the massacre.", "", "" },
	{ "{A} published a video that shows their fighters executing prisoners of {B}.", "p", "t" },
	{ "The attack killed three soldiers of {A}.", "t", "" },
	{ "{A} and {B} agreed on a ceasefire after weeks of shelling.", "", "" },
	{ "The ceasefire brokered by {A} collapsed when {B} shelled the town.", "", "p" },
	{ "{A} opened a corridor for civilians fleeing the bombardment by {B}.", "", "p" },
	{ "The hospital supported by {A} was bombed by {B}.", "", "p" },
	{ "{A} trained the police who arrested the students.", "", "" },
	{ "Tanks of {A} were destroyed in an attack by {B}.", "t", "p" },
};

static const struct sentence ar[] = {
	/* الفعل أولا */
	{ "قصفت {A} القرية بالمدفعية.", "p", "" },
	{ "شنت طائرات تابعة ل {A} غارات على السوق.", "p", "" },
	{ "قصفت مدفعية {A} مواقع {B}.", "p", "t" },
	{ "هاجمت {A} نقاط {B} قرب البلدة.", "p", "t" },
	{ "هاجمت {A} فجرا {B}.", "p", "t" },
	{ "شنت {A} هجوما على {B}.", "p", "t" },
	{ "اقتحمت {A} القرية وأحرقت البيوت.", "p", "" },
	{ "فتحت {A} النار على المتظاهرين.", "p", "" },
	{ "أطلق قناص من {A} النار على أخي.", "p", "" },
	{ "منعت {A} إجلاء الجرحى من البلدة.", "p", "" },
	{ "قامت {A} باعتقال ثلاثة شبان.", "p", "" },
	{ "أقدمت {A} على إعدام أسيرين.", "p", "" },
	{ "أسرت {A} خمسة من مقاتلي {B} وعذبتهم.", "p", "t" },
	{ "نفذت {A} إعدامات ميدانية بحق أسرى من {B}.", "p", "t" },
	{ "ارتكبت {A} مجزرة بدعم من {B}.", "p", "" },
	/* الاسم أولا */
	{ "{A} قصفت القرية.", "p", "" },
	{ "قال الأهالي إن {A} أحرقت بيوتهم.", "p", "" },
	{ "المشفى الذي دمرته {A} كان الوحيد في المنطقة.", "p", "" },
	{ "سقطت قذائف أطلقتها {A} على المدرسة.", "p", "" },
	/* بالاسم والمجهول */
	{ "قصف {A} للبلدة أوقع قتلى.", "p", "" },
	{ "تعرضت البلدة لقصف من قبل {A}.", "p", "" },
	{ "تعرضت البلدة لقصف عنيف بالصواريخ من قبل {A}.", "p", "" },
	{ "قتل ستة مدنيين على يد {A}.", "p", "" },
	{ "قتل ثلاثة عناصر من {B} بقصف {A}.", "p", "t" },
	{ "مقتل عنصرين من {B} في كمين نفذته {A}.", "p", "t" },
	{ "قتل قيادي في {B} بغارة شنتها {A}.", "p", "t" },
	{ "تم اعتقاله من قبل {A} في الشهر الماضي.", "p", "" },
	{ "لقي عشرة مدنيين حتفهم بغارة نسبت إلى {A}.", "p", "" },
	{ "جرى التعذيب بإشراف {A}.", "p", "" },
	{ "أعدم الأسرى بأوامر من {A}.", "p", "" },
	{ "الرجل الذي قتل أخي ينتمي إلى {A}.", "p", "" },
	/* معا */
	{ "استهدفت {A} و {B} المشفى.", "p", "p" },
	{ "قتل سبعة أشخاص بقصف {A} و {B}.", "p", "p" },
	{ "قصفت {A} المخيم، وأطلقت {B} النار على الهاربين.", "p", "p" },
	/* من يقف وراءه */
	{ "ارتكبت مجموعات مدعومة من {A} مجزرة في القرية.", "", "" },
	{ "نهب مسلحون موالون ل {A} المحال.", "", "" },
	{ "اقتحمت {A} مدعومة من {B} القرية وأحرقت البيوت.", "p", "" },
	/* من يقول */
	{ "قالت {A} إن {B} قصفت المشفى.", "s", "p" },
	{ "بحسب {A}، قصفت {B} المشفى.", "s", "p" },
	{ "اتهمت {A} {B} بتعذيب المعتقلين.", "s", "p" },
	{ "أدانت {A} قصف {B} للسوق.", "s", "p" },
	{ "طالبت {A} {B} بالتحقيق في القتل.", "s", "" },
	{ "استخدمت {A} و {B} حق النقض ضد قرار عن الهجمات.", "", "" },
	/* الإقرار والنفي */
	{ "اعترفت {A} بأن مدنيا قتل في الغارة.", "p", "" },
	{ "أقرت {A} بمسؤوليتها عن القصف.", "p", "" },
	{ "تبنت {A} التفجير.", "p", "" },
	{ "أعلنت {A} مسؤوليتها عن التفجير.", "p", "" },
	{ "حمل الأهالي {A} مسؤولية المجزرة.", "p", "" },
	{ "نفت {A} قصف المشفى.", "ds", "" },
	{ "لم تقصف {A} المشفى.", "d", "" },
	/* أين */
	{ "اعتقل أخي في مناطق سيطرة {A}.", "l", "" },
	{ "انسحبت {A} من البلدة بعد المجزرة.", "", "" },
	{ "خطفت {A} إعلاميا بتهمة التعامل مع {B}.", "p", "" },
	/* شهادات */
	{ "أخذوه عناصر {A} من البيت.", "p", "" },
	{ "عناصر {A} ضربونا بالكابلات.", "p", "" },
	{ "أجوا عناصر {A} بالليل وأخدوا أخي.", "p", "" },
	{ "عناصر {A} كانوا يعذبون المعتقلين كل يوم.", "p", "" },
	{ "ماتت أمي بقصف {A}.", "p", "" },
	{ "أخي استشهد تحت التعذيب عند {A}.", "l", "" },
	{ "سلموا أخي إلى {A} التي عذبته.", "p", "" },
	{ "سيطرت {A} على البلدة وأعدمت عشرة من أهلها.", "p", "" },
	{ "قصفت {A} مناطق سيطرة {B}.", "p", "l" },
	{ "اعتقلني حاجز {A} وأخذوني إلى الفرع.", "p", "" },
	{ "كان المحققون من {A} يضربونني بالكرباج.", "p", "" },
	{ "مات تحت التعذيب في معتقلات {A}.", "l", "" },
	{ "شفت عناصر {A} عم يضربوا الناس.", "p", "" },
	{ "إجت {A} وكسرت الباب وأخدت ابني.", "p", "" },
	{ "لم تتوقف {A} عن قصف القرية.", "p", "" },
	{ "أطلقت {A} سراح عشرين معتقلا.", "", "" },
	{ "انفجر لغم زرعته {A}.", "p", "" },
	{ "تعرضت نقاط {A} لقصف من {B}.", "t", "p" },
	{ "قتل في اشتباك مع {A}.", "t", "" },
	{ "نعت {A} ثلاثة من عناصرها قتلوا بغارة {B}.", "t", "p" },
	{ "زودت {A} {B} بالسلاح الذي قتل المدنيين.", "", "" },
	{ "رفضت {A} الاتهامات بقصف المشفى.", "ds", "" },
	{ "لا نعرف إن كانت {A} أو {B} من قصف بيتنا.", "p", "p" },
	{ "تتحمل {A} مسؤولية مقتل المدنيين.", "p", "" },
	{ "دعا الأهالي إلى محاسبة {A} على المجزرة.", "p", "" },
	{ "واصلت {A} قصف الأحياء السكنية.", "p", "" },
	{ "أسعفت {A} الجرحى بعد قصف {B} للسوق.", "", "p" },
	{ "رعت {A} اتفاقا بعد المجزرة.", "", "" },
	{ "بيّن التحقيق أن {A} قصفت {B}.", "p", "" },
	{ "انهارت الهدنة التي رعتها {A} عندما قصفت {B} المدينة.", "", "p" },
	{ "فتحت {A} ممرا للمدنيين الهاربين من قصف {B}.", "", "p" },
	{ "اعتقل الرجال بتهمة دعم {A}.", "", "" },
	{ "وقع الهجوم قرب قاعدة {A}.", "l", "" },
	{ "دعمت {A} الشرطة التي اعتقلت الطلاب.", "", "" },
	{ "قالت الشبكة إن القصف جاء بعد اتفاق بين {A} و {B}.", "", "" },
	{ "أدى الهجوم إلى مقتل ثلاثة جنود من {A}.", "t", "" },
	{ "ربما نفذت {A} الغارة.", "p", "" },
};

static void
put(struct hz_buf *out, const char *text, const char *a, const char *b)
{
	hz_buf_clear(out);
	while (*text != '\0') {
		if (strncmp(text, "{A}", 3) == 0 || strncmp(text, "{B}", 3) == 0) {
			assert_ok(hz_buf_puts(out, text[1] == 'A' ? a : b));
			text += 3;
		} else {
			assert_ok(hz_buf_putc(out, *text++));
		}
	}
}

/* The letters of the roles of a party and of those below it, in the order of the alphabet. */
static void
letters_of(const struct hz_tags *t, const char *id, char out[static 8])
{
	static const char letters[] = { 0, 'p', 't', 'l', 's' };
	bool has[26] = { false };
	size_t n = strlen(id);
	for (size_t i = 0; i < t->n; i++) {
		const struct hz_tag *x = &t->v[i];
		bool own = strncmp(x->value, id, n) == 0 && (x->value[n] == '\0' || x->value[n] == '.');
		if (x->axis == HZ_AXIS_PARTY && own && letters[x->role] != 0) {
			bool denied = x->role == HZ_ROLE_PERPETRATOR && x->certainty == HZ_CERTAIN_DENIED;
			has[(denied ? 'd' : letters[x->role]) - 'a'] = true;
		}
	}
	for (int i = 0; i < 26; i++) {
		if (has[i]) {
			*out++ = (char)('a' + i);
		}
	}
	*out = '\0';
}

static size_t
try(const struct hz_rules *r, const struct sentence *s, const struct name *a, const struct name *b)
{
	char got_a[8];
	char got_b[8];
	struct hz_tags tags;
	struct hz_buf text = HZ_BUF_INIT(SIZE_MAX);
	put(&text, s->text, a->text, b->text);
	assert_ok(hz_classify(r, text.p, text.len, NULL, &tags));
	letters_of(&tags, a->id, got_a);
	letters_of(&tags, b->id, got_b);
	hz_tags_done(&tags);
	bool good = strcmp(got_a, s->a) == 0 && strcmp(got_b, s->b) == 0;
	if (!good) {
		print_message("# %.*s: %s \"%s\" not \"%s\", %s \"%s\" not \"%s\"\n", (int)text.len,
		    (const char *)text.p, a->id, got_a, s->a, b->id, got_b, s->b);
	}
	hz_buf_done(&text);
	return !good;
}

static size_t
try_all(const struct hz_rules *r, const struct sentence *s, size_t n_s, const struct name *names, size_t n)
{
	size_t bad = 0;
	for (size_t i = 0; i < n_s; i++) {
		for (size_t a = 0; a < n; a++) {
			for (size_t b = 1; b < n; b++) {
				bad += try(r, &s[i], &names[a], &names[(a + b) % n]);
				if (strstr(s[i].text, "{B}") == NULL) {
					break;
				}
			}
		}
	}
	return bad;
}

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

static void
test_roles(void **state)
{
	(void)state;
	if (getenv("HIRZ_TEST_VALGRIND") != NULL) {
		print_message("# thousands of short texts: without valgrind\n");
		skip();
	}
	struct hz_rules *r = shipped_rules();
	if (r == NULL) {
		print_message("# data/syria.rules is not there\n");
		skip();
	}
	size_t bad = try_all(r, en, COUNT(en), en_names, COUNT(en_names));
	bad += try_all(r, ar, COUNT(ar), ar_names, COUNT(ar_names));
	hz_rules_free(&r);
	assert_int_equal(bad, 0);
}

const struct CMUnitTest roles_tests[] = {
	cmocka_unit_test(test_roles),
};
const size_t n_roles_tests = COUNT(roles_tests);
