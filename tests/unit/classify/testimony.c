/* Sentences as witnesses and documenters write them, in written Arabic, in spoken Syrian, in English notes of
 * interviews, and such of daily life in which nothing happens. Invented, nobody is named. For each it was
 * written down first what a lawyer would tag. Types only: the roles of parties have a table of their own. */
#include "tests.h"

/* want: types that must be found, each itself or by a child; "a|b" one of them, "a?" may be found. What else
 * is found is wrong, but for parents. wrong: not right yet, said here so that nobody takes it for right. */
struct sentence {
	const char *want, *text;
	bool wrong;
};

static const struct sentence arabic[] = {
	{ "killing killing.massacre? killing.execution?", "وفي 2014 ذبح تنظيم داعش شبابًا من عشيرة الشعيطات",
	    false },
	{ "forced_displacement housing_land?", "ومنعت قسد أهل القرية من العودة إلى بيوتهم", false },
	{ "enforced_disappearance arbitrary_detention?",
	    "إلى اليوم لا نعرف مصير جارنا الذي اختفى على حاجز للفرقة الرابعة", false },
	{ "torture arbitrary_detention?", "كانوا يعلقوننا بالشبح ويضربوننا بالكبل الرباعي", false },
	{ "arbitrary_detention|abduction_hostage|enforced_disappearance", "اقتادوا ابن عمي من الملجأ",
	    false },
	{ "enforced_disappearance arbitrary_detention?", "أخذوه من بيته ولم يرجع", false },
	{ "arbitrary_detention enforced_disappearance?",
	    "شالوه من الحاجز دورية من الأمن العسكري وهو رايح عالجامعة", false },
	{ "arbitrary_detention", "داهم عناصر من الدفاع الوطني بيتنا الفجر وسحبوا أخي من فراشه", false },
	{ "arbitrary_detention persecution? civic_freedoms?",
	    "أوقفت الأسايش مدرّسًا من بلدتنا لأنه رفض المنهاج الجديد", false },
	{ "arbitrary_detention fair_trial?", "سجنت هيئة تحرير الشام ابن خالتي سبعة أشهر دون أن تعرضه على قاضٍ",
	    false },
	{ "arbitrary_detention enforced_disappearance?",
	    "أوقف الأمن العام شابًا من الحي في آذار 2025 ولم يبلّغ أحد أهله بالسبب", false },
	{ "arbitrary_detention", "اعتقلتني الشرطة العسكرية في عفرين واتهموني بالتعامل مع قسد", false },
	{ "arbitrary_detention military_use?", "حبسونا عناصر من حزب الله في قبو مدرسة يومين", false },
	{ "arbitrary_detention torture",
	    "احتجزت الجندرما التركية أربعة شبان على الحدود وضربتهم بأعقاب البنادق", false },
	{ "arbitrary_detention", "بقي أبي في سجن التوبة عند جيش الإسلام سنة ونصف بلا تهمة", false },
	{ "arbitrary_detention torture?", "قضيت ثلاث سنوات في المنفردة دون أن أعرف تهمتي", false },
	{ "arbitrary_detention torture?", "مسكوني عالحاجز وحطّوا الطمّاشة على عيوني", false },
	{ "arbitrary_detention|enforced_disappearance|abduction_hostage",
	    "أجوا بالليل وأخدوا الشباب كلهم من الحارة", false },
	{ "arbitrary_detention extortion", "دفعنا للضابط خمسة آلاف دولار حتى يفرجوا عن أخي المعتقل", false },
	{ "arbitrary_detention|abduction_hostage|enforced_disappearance",
	    "اقتادت قوة إسرائيلية راعيين من ريف القنيطرة إلى داخل الجولان", false },
	{ "fair_trial killing? killing.execution?",
	    "حُكم عليه بالإعدام أمام محكمة ميدانية خلال دقيقتين ولم يسمحوا له بمحامٍ", false },
	{ "fair_trial arbitrary_detention?", "حاكمه قاضٍ شرعي من الهيئة في جلسة واحدة دون محامٍ", false },
	{ "torture arbitrary_detention?", "عذبونا في المخابرات الجوية بالدولاب والكرسي الألماني", false },
	{ "torture arbitrary_detention?", "ربطوني على بساط الريح وصبّوا عليّ مي باردة", false },
	{ "torture arbitrary_detention?", "كهربوني من أصابعي حتى غبت عن الوعي", false },
	{ "torture arbitrary_detention?", "شبحونا من إيدينا عالسقف تلات أيام", false },
	{ "torture arbitrary_detention?", "ضربوه بالكبلات في سجن لقسد حتى كُسر ضلعه", false },
	{ "torture arbitrary_detention?", "ضربوني فلقة في مخفر تابع للهيئة", false },
	{ "torture outrage_dignity?", "جلدوه بالساحة أربعين جلدة لأنه كان يدخن", false },
	{ "torture outrage_dignity?", "قصّوا إيده بالدوار قدام الناس", false },
	{ "torture arbitrary_detention?", "اقتلعوا أظافره في مقر لفرقة الحمزة", false },
	{ "torture persecution", "ضربه عناصر الحاجز بأخمص البندقية لأنه من الطائفة العلوية", false },
	{ "torture arbitrary_detention?", "عذّبه عناصر من كتيبة معارضة في قبو حتى اعترف", false },
	{ "torture arbitrary_detention?", "حرقوا جلده بأعقاب السجائر", false },
	{ "torture arbitrary_detention?", "كان المحقق يطفئ السجائر في ظهري", false },
	{ "torture arbitrary_detention?", "تركونا واقفين أسبوعًا بلا نوم ولا أكل", false },
	{ "arbitrary_detention|torture", "كنا 120 رجلًا في مهجع صغير ننام بالدور ونمرض من الجرب", false },
	{ "killing.custody torture? arbitrary_detention? enforced_disappearance?",
	    "مات تحت إيديهم من الضرب ورجّعوا لنا هويته بس", false },
	{ "killing.custody|enforced_disappearance arbitrary_detention?",
	    "سلّمتنا الشرطة العسكرية شهادة وفاة أخي وكتبوا أنه مات بجلطة في سجن صيدنايا", false },
	{ "killing.custody arbitrary_detention", "توفي ابن عمي في سجن لقسد بعد أسبوعين من توقيفه", false },
	{ "killing.custody|killing|enforced_disappearance torture?",
	    "وجدنا صورة أخي بين صور قيصر وعلى صدره رقم", false },
	{ "enforced_disappearance arbitrary_detention?", "خرج ليجيب خبز ومرّ على حاجز النظام ومن يومها ما رجع",
	    false },
	{ "enforced_disappearance abduction_hostage", "خطف داعش أبي سنة 2013 ولا نعرف عنه شيئًا", false },
	{ "enforced_disappearance arbitrary_detention?",
	    "من عشر سنين ما إلنا خبر عن أخوي بعد ما أخدوه عالفرع", false },
	{ "enforced_disappearance arbitrary_detention?", "سألنا عنه كل الأفرع وأنكروا وجوده عندهم", false },
	{ "enforced_disappearance arbitrary_detention", "اختفى بعد توقيفه على حاجز القطيفة ولم يظهر له أثر",
	    false },
	{ "enforced_disappearance", "غُيّب الناشط في مناطق المعارضة منذ 2013 ولا تزال عائلته تنتظره", false },
	{ "enforced_disappearance arbitrary_detention?", "راح ليعمل تسوية عند الأمن وما عاد طلع", false },
	{ "enforced_disappearance arbitrary_detention?",
	    "بعد أن أوقفته ميليشيا عراقية قرب السيدة زينب انقطع الاتصال به نهائيًا", false },
	{ "abduction_hostage extortion", "خطفوه مجهولون وطلبوا فدية خمسين ألف دولار", false },
	{ "abduction_hostage extortion", "خطفوا بنت الجيران وطالبوا أهلها بمصاري", false },
	{ "abduction_hostage arbitrary_detention?",
	    "احتجزت مجموعة محلية عشرين سائقًا رهائن لمبادلتهم بمخطوفين من السويداء", false },
	{ "abduction_hostage", "أخذ التنظيم نساء القرية رهائن وبادلهن بأسراه", false },
	{ "abduction_hostage persecution?",
	    "خُطفت عائلات كاملة من القرية العلوية وبقيت عند الفصائل ثلاث سنوات", false },
	{ "extortion pillage_property?", "كان حاجز الرابعة يأخذ خوّة على كل شاحنة", false },
	{ "extortion pillage_property?", "فرض فصيل العمشات أتاوة على موسم الزيتون", false },
	{ "extortion pillage_property?", "هددوني إذا ما بدفع كل شهر بيحرقوا المحل", false },
	{ "extortion abduction_hostage? arbitrary_detention?", "قالوا لنا ادفعوا وإلا نأخذ ابنكم", false },
	{ "sexual_violence torture? arbitrary_detention?", "اغتصبوها في الفرع قدام أختها", false },
	{ "sexual_violence outrage_dignity? torture?", "فتشونا عراة ومدّوا إيديهم على أجسامنا", false },
	{ "sexual_violence enslavement?", "زوّجوها غصب لمقاتل تونسي من التنظيم", false },
	{ "sexual_violence", "تحرّش عناصر الجيش الوطني بالنساء على الحاجز", false },
	{ "sexual_violence|child_rights", "زوّجوا بنت عمرها 13 لأمير من الهيئة", false },
	{ "sexual_violence torture? arbitrary_detention?", "صاروا يهددوها بالاغتصاب إذا ما اعترفت", false },
	{ "sexual_violence torture? outrage_dignity?", "قعّدوه على قنينة وهو مشلّح", false },
	{ "sexual_violence arbitrary_detention?", "اعتدى عليها جنسيًا أحد الحراس في المخيم", false },
	{ "enslavement sexual_violence? persecution? genocide?", "باعوا الإيزيديات في سوق الرقة مثل الغنم",
	    false },
	{ "enslavement sexual_violence?", "اشتراها رجل من التنظيم وخدمت في بيته سنتين كسبيّة", false },
	{ "siege siege.medical_denial?", "حاصرونا سنتين وجوّعونا وما دخل أكل ولا دوا", false },
	{ "siege", "أكلنا ورق الشجر والحشيش لأنه ما في طحين بالحصار", false },
	{ "siege", "قطعت الفصائل الماء والطعام عن كفريا والفوعة", false },
	{ "siege", "منع التنظيم دخول الطحين إلى أحياء دير الزور المحاصرة", false },
	{ "siege killing? child_rights?", "مات طفل في مضايا من الجوع والحواجز حولنا لا تسمح بدخول شيء",
	    false },
	{ "siege", "أغلق حاجز الرابعة الطريق إلى الشيخ مقصود ومنع دخول الطحين والمازوت", false },
	{ "siege.medical_denial protected_objects.medical? killing? siege?",
	    "منعوا الإسعاف من الوصول إلى الجرحى فنزفوا حتى ماتوا", false },
	{ "siege.medical_denial arbitrary_detention? torture?",
	    "كان السجين يصرخ من الألم ورفض السجّان أن يجلب له طبيبًا", false },
	{ "siege.medical_denial siege?", "ما سمحوا لأمي تطلع تتعالج عالشام", false },
	{ "forced_displacement unlawful_attack?", "نزحنا من قريتنا تحت القصف ومشينا يومين", false },
	{ "forced_displacement", "هجّرونا بالباصات الخضر على إدلب", false },
	{ "forced_displacement pillage_property|housing_land",
	    "طردتنا وحدات الحماية من القرية وسوّت بيوتنا بالأرض", false },
	{ "forced_displacement housing_land|pillage_property",
	    "أجبرنا الفصيل على ترك عفرين وأسكن عائلات مقاتليه في بيتنا", false },
	{ "persecution forced_displacement?", "خيّروا أهل القرية الدرزية بين الرحيل وتغيير الدين", false },
	{ "forced_displacement killing?", "قالوا عندكم ساعتين تطلعوا وإلا منقتلكم", false },
	{ "forced_displacement", "أخرجنا التنظيم من القرية بالقوة لأن الجبهة اقتربت", false },
	{ "forced_displacement pillage_property",
	    "أمرت القوات الإسرائيلية أهل القرية بإخلاء بيوتهم وجرفت البساتين", false },
	{ "forced_displacement", "هربت كل عائلات القرية بعد دخول مسلحي العشائر وما قدرنا نرجع", false },
	{ "pillage_property", "عفّشوا البيت حتى بلاط الأرض وشرايط الكهربا", false },
	{ "pillage_property", "رأينا جنود الفرقة الرابعة يحمّلون البرادات والأثاث على سيارات التعفيش", false },
	{ "pillage_property", "سرقوا تراكتور أبي وموسم القمح", false },
	{ "pillage_property", "قطع عناصر الفصيل أشجار الزيتون وباعوها حطبًا", false },
	{ "pillage_property forced_displacement?", "حرقوا البيت بعد ما طلّعونا منه", false },
	{ "housing_land|pillage_property", "استولوا على بيتي وسكن فيه قائد منهم", false },
	{ "pillage_property|housing_land forced_displacement?", "هدمت البلدوزرات حارتنا بعد ما خلصت المعارك",
	    false },
	{ "housing_land|pillage_property", "صادرت الدولة أرضنا بالقانون رقم عشرة ولم تعوّضنا", false },
	{ "housing_land|pillage_property military_use?", "أخذت قسد بيت خالي وجعلته مقرًا عسكريًا", false },
	{ "housing_land|pillage_property persecution?", "صادر التنظيم بيوت المسيحيين وكتب عليها حرف نون",
	    false },
	{ "pillage_property persecution?", "نهبوا محلاتنا في السويداء وكتبوا شتائم طائفية على الحيطان",
	    false },
	{ "killing.sniper", "قنصه قنّاص من البناية وهو عم يعبّي مي", false },
	{ "killing.sniper unlawful_attack?", "أصابت رصاصة قنّاص امرأة في نبّل", false },
	{ "killing", "أطلقوا عليه النار على الحاجز ومات بين إيدينا", false },
	{ "killing killing.execution?", "رموه من السطح قدام الناس وقالوا إنه لوطي", false },
	{ "killing killing.execution? killing.massacre?", "صفّوا الشباب عالحيط ورشّوهم", false },
	{ "killing killing.execution?", "قطعوا رأسه في الساحة", false },
	{ "killing killing.protest? civic_freedoms?", "قتلت الأسايش متظاهرًا في منبج", false },
	{ "killing.execution", "أعدموا أسرى الجيش رميًا بالرصاص", false },
	{ "killing killing.execution? dead_bodies?", "وجدوا جثته مرمية عالطريق وإيديه مربوطة", false },
	{ "killing killing.massacre? child_rights?", "دخلوا الضيعة وذبحوا الأطفال بالسكاكين", false },
	{ "killing persecution? killing.massacre?",
	    "في آذار 2025 دخل مسلحون بيوت العلويين في الساحل وقتلوا الرجال", false },
	{ "killing unlawful_attack?", "أطلق حرس الحدود التركي النار علينا وقتلوا ابن عمي", false },
	{ "killing.assassination", "اغتالوه بكاتم صوت قدام بيته", false },
	{ "killing|unlawful_attack.bombing killing.assassination?", "حطّوا عبوة بسيارته واستشهد على الفور",
	    false },
	{ "killing.protest civic_freedoms? unlawful_attack?", "رشّوا المظاهرة بالرصاص واستشهد اتنين من رفقاتي",
	    false },
	{ "killing killing.execution?", "صفّوه بعد ما سلّم حاله", false },
	{ "killing", "طخّوا ابن خالتي بالراس", false },
	{ "killing torture?", "حرقوه وهو حي", false },
	{ "unlawful_attack unlawful_attack.ground? prohibited_weapons.barrel? killing?",
	    "نزلت قذائف جهنم على حارتنا بحلب واستشهدت أختي", false },
	{ "unlawful_attack.air", "ضربت الطيارة الروسية بيت جيراننا وطلّعناهم من تحت الردم", false },
	{ "unlawful_attack.air", "قصف طيران التحالف بناية بالرقة وكان فيها تلاتين مدني", false },
	{ "unlawful_attack.drone", "استهدفت مسيّرة تركية سيارة مدنية قرب القامشلي", false },
	{ "unlawful_attack.bombing protected_objects.market?", "انفجرت سيارة مفخخة بالسوق", false },
	{ "unlawful_attack|killing", "وقع باص العمال في كمين وفتحوا عليه النار", false },
	{ "unlawful_attack unlawful_attack.air?", "قصفت إسرائيل حيًا سكنيًا في دمشق ليلًا", false },
	{ "unlawful_attack|prohibited_weapons.barrel protected_objects.education?",
	    "نزل برميل عالمدرسة والأولاد جوّا", false },
	{ "prohibited_weapons.chemical", "صرنا نختنق وطلعت رغوة من تم الولاد", false },
	{ "prohibited_weapons.mine", "دعس أخي على لغم وهو يحصد القمح", false },
	{ "prohibited_weapons.mine unlawful_attack? killing? child_rights? unlawful_attack.bombing?",
	    "انفجرت بالأولاد قنبلة من مخلفات حرب", false },
	{ "prohibited_weapons.mine", "زرع التنظيم ألغامًا في بيوتنا قبل أن ينسحب", false },
	{ "protected_objects.medical unlawful_attack?", "قصفوا المشفى الميداني ونحنا عم نعالج الجرحى",
	    false },
	{ "arbitrary_detention protected_objects.medical? civic_freedoms?",
	    "اعتقلوا الدكتور لأنه عالج متظاهرين", false },
	{ "protected_objects.worship persecution? pillage_property?", "حرقوا الكنيسة وكسروا الصلبان", false },
	{ "protected_objects.worship persecution? pillage_property?",
	    "حرقت الميليشيات الإيرانية الجامع ومزّقت المصاحف", false },
	{ "protected_objects.cultural pillage_property?", "سرقوا الآثار من المتحف وباعوها", false },
	{ "protected_objects.cultural pillage_property?", "جرفت الفصائل التل الأثري بعفرين بحثًا عن الذهب",
	    false },
	{ "military_use protected_objects.education?", "حوّلت قسد مدرستنا إلى مقر عسكري", false },
	{ "military_use", "نصبوا مدفعًا في ساحة المشفى", false },
	{ "protected_objects.media|killing.sniper killing.protest?", "قنصوا المصوّر وهو يصوّر المظاهرة",
	    false },
	{ "protected_objects.humanitarian unlawful_attack?", "ضربوا سيارة الدفاع المدني لما إجت تشيل الجرحى",
	    false },
	{ "unlawful_attack.double_tap unlawful_attack.air? protected_objects.medical?",
	    "رجعت الطيارة وقصفت مرة تانية لما تجمّعوا المسعفين", false },
	{ "child_rights.recruitment forced_conscription?", "جندوا ابني وعمره 14", false },
	{ "child_rights.recruitment abduction_hostage?",
	    "أخذت وحدات حماية المرأة بنتي القاصر إلى معسكر تدريب", false },
	{ "child_rights.recruitment", "علّموا الأولاد على السلاح في معسكر أشبال الخلافة", false },
	{ "child_rights.recruitment", "كان على الحاجز ولد عمره 15 سنة حامل بارودة", false },
	{ "forced_conscription enforced_disappearance? arbitrary_detention?",
	    "سحبوه احتياط من الحاجز وما عاد رجع", false },
	{ "forced_conscription arbitrary_detention?", "ساقته قسد إلى التجنيد الإجباري من الحاجز", false },
	{ "forced_conscription arbitrary_detention?", "أخذوه عسكرية غصب عنه من الجامعة", false },
	{ "human_shields", "استعملونا دروع بشرية لما قرّب الجيش", false },
	{ "human_shields|outrage_dignity|abduction_hostage", "حطّوا نسوان بأقفاص وداروا فيهن بالغوطة", false },
	{ "persecution extortion?", "فرضوا الجزية على المسيحيين في الرقة", false },
	{ "persecution protected_objects.worship? pillage_property?",
	    "منعوا أهل القرية الدرزية من شعائرهم وهدموا المقام", false },
	{ "persecution killing", "كانوا يسألون عن الطائفة على الحاجز ويقتلون على الاسم", false },
	{ "dead_bodies killing?", "دفنوا الجثث بالجرافة في حفرة كبيرة", false },
	{ "dead_bodies killing?", "اكتشف الأهالي مقبرة جماعية قرب المعسكر", false },
	{ "dead_bodies killing? outrage_dignity?", "سحلوا جثته ورا السيارة", false },
	{ "dead_bodies killing?", "رفضوا يسلّمونا جثة أخي لندفنه", false },
	{ "outrage_dignity torture?", "أجبروه يعوي متل الكلب وصوّروه", false },
	{ "outrage_dignity persecution?", "حلقوا شوارب رجال دين دروز", false },
	{ "collective_punishment", "عاقبوا الضيعة كلها لأنه طلع منها مظاهرة", false },
	{ "civic_freedoms", "فرّقت الهيئة مظاهرة نسائية بإطلاق الرصاص في الهواء", false },
	{ "civic_freedoms", "سكّرت الأسايش مكتب الإذاعة وسحبت رخصة الصحفي", false },
	{ "genocide", "قالت اللجنة إن ما جرى للإيزيديين إبادة جماعية", false },
	{ "killing dead_bodies?", "سمعنا أنهم قتلوه لكن لم نرَ الجثة", false },
	{ "torture arbitrary_detention?", "علقني السجان من معصميّ وبقيت على رؤوس أصابعي حتى الصباح", false },
	{ "torture arbitrary_detention?", "كان عناصر الهيئة يضربون السجناء بخرطوم مياه كل ليلة", false },
	{ "torture arbitrary_detention?", "حطّوني بالدولاب وانهالوا عليّ بالعصي", false },
	{ "torture", "سكبوا الزيت المغلي على يديه في مقر الفصيل", false },
	{ "arbitrary_detention", "جاءت سيارات قسد عند الفجر وأخذت ثلاثة من إخوتي", false },
	{ "arbitrary_detention enforced_disappearance?", "لقطوا ابني على حاجز الطيار وما قالوا لنا وين أخدوه",
	    false },
	{ "arbitrary_detention", "وضعوني في زنزانة منفردة ستة أشهر لأن اسمي يشبه اسم مطلوب", false },
	{ "arbitrary_detention torture?", "كنا مكدسين في القبو، سبعين شخصًا في غرفة واحدة تحت فرع الأمن",
	    false },
	{ "enforced_disappearance arbitrary_detention?",
	    "ذهب ليستلم راتبه فأوقفوه على الحاجز ولم نسمع عنه بعدها", false },
	{ "enforced_disappearance arbitrary_detention?",
	    "أمي ماتت وهي تنتظر خبرًا عن أخي الذي أخذته المخابرات", false },
	{ "enforced_disappearance arbitrary_detention?",
	    "أخذوا زوجي ليلًا من الدار، وكل ما سألنا قالوا ليس عندنا", false },
	{ "abduction_hostage extortion?",
	    "أوقفوا السرفيس على طريق السويداء وأنزلوا الركاب واحتفظوا بهم للمبادلة", false },
	{ "extortion abduction_hostage?", "اتصلوا بنا من هاتفه وقالوا إن لم تدفعوا مئة ألف دولار نقتله",
	    false },
	{ "sexual_violence", "أجبروها على خلع ثيابها أمام الحراس", false },
	{ "sexual_violence", "قالت إن الضابط حاول لمسها وهددها إن تكلمت", false },
	{ "enslavement sexual_violence?", "كان المقاتلون يتبادلون السبايا فيما بينهم", false },
	{ "siege", "بقينا أربع سنين محاصرين وصار كيلو الرز بمئة دولار", false },
	{ "siege", "لم يكن التنظيم يسمح لأحد بإدخال الطعام إلى الحي", false },
	{ "siege.medical_denial siege?", "مات جدي لأن الحاجز رفض مرور سيارة الإسعاف", false },
	{ "forced_displacement", "أخرجوا العائلات الكردية من بيوتها ومنعوها من الرجوع", false },
	{ "forced_displacement unlawful_attack? unlawful_attack.air?",
	    "تركنا كل شيء وهربنا مع الأولاد لما بدأت الطائرات تقصف", false },
	{ "forced_displacement", "أُجبر سكان الفوعة على مغادرة بيوتهم في باصات", false },
	{ "pillage_property", "لما رجعنا لقينا البيت فاضي، حتى الأبواب والشبابيك شالوها", false },
	{ "pillage_property|housing_land", "جرفت آلياتهم بيوت القرية كلها وسوّتها بالتراب", false },
	{ "pillage_property", "نهبت الميليشيات الأفغانية بيوت الحي قبل أن تغادره", false },
	{ "housing_land|pillage_property", "استولت الهيئة على أملاك المسيحيين في القنية", false },
	{ "killing unlawful_attack? unlawful_attack.ground?", "أنزلوا الرجال من الباص ورشّوهم بالرشاش",
	    false },
	{ "killing.execution|killing", "صلبوه في الساحة بعدما ذبحوه", false },
	{ "killing killing.sniper", "قنّاص المشفى قتل جارتنا وهي تنشر الغسيل", false },
	{ "killing persecution?", "دخلوا علينا وسألوا أبي هل أنت علوي ثم أطلقوا عليه الرصاص فمات", false },
	{ "killing dead_bodies?", "لقينا ثلاث جثث مكبلة الأيدي في البستان", false },
	{ "killing.custody torture?", "سمعناه يصرخ طول الليل وفي الصباح حملوا جثته من المهجع", false },
	{ "child_rights.recruitment", "أخذوا أخي الصغير إلى المعسكر وعمره اثنا عشر عامًا", false },
	{ "child_rights.recruitment", "جنّد الفصيل أولادًا لم يتجاوزوا السادسة عشرة للقتال في ليبيا", false },
	{ "forced_conscription", "مسكوا الشباب من السوق وساقوهم لواجب الدفاع الذاتي", false },
	{ "human_shields", "وقّفونا قدام الدبابة حتى ما يضربوا عليهم", false },
	{ "persecution", "قالوا لهم إما أن تسلموا أو تدفعوا الجزية أو ترحلوا", false },
	{ "dead_bodies", "رموا الجثث في بئر عند أطراف القرية", false },
	{ "civic_freedoms arbitrary_detention?",
	    "منعت الهيئة الأهالي من التظاهر واعتقلت من يكتب على الفيس بوك", false },
	{ "protected_objects.worship", "دنّسوا المقام وكسروا الشاهدة", false },
	{ "protected_objects.medical", "اقتحموا المشفى وأنزلوا جريحًا من غرفة العمليات", false },
	{ "prohibited_weapons.mine", "رجع ليتفقد أرضه فانفجر فيه لغم", false },
	{ "fair_trial arbitrary_detention?", "لم يكن معي محامٍ ووقف القاضي دقيقة وقال عشر سنوات", false },
	{ "extortion", "كل من يمر بالحاجز يدفع لهم، والتاجر يدفع أكثر", false },
	{ "collective_punishment pillage_property?", "هدموا بيوت عائلة كاملة عقابًا لأن ابنهم انشق", false },
	{ "torture arbitrary_detention?", "في الأمن السياسي كان العنصر يدوس على رأسي ويضربني بالخرطوم",
	    false },
	{ "torture arbitrary_detention?", "بعد ساعة كهرباء على الأذنين وقّعت على ورقة بيضاء", false },
	{ "torture", "جلدوا المدرّس أمام طلابه", false },
	{ "arbitrary_detention", "حبسه لواء من المعارضة في مستودع لأنه موظف حكومي", false },
	{ "arbitrary_detention", "اعتُقل معلمون طالبوا برواتبهم في الحسكة", false },
	{ "arbitrary_detention enforced_disappearance?", "كلبشوا أبي أمامنا ووضعوه في صندوق السيارة", false },
	{ "enforced_disappearance arbitrary_detention?", "منذ أن سحبوه من قاعة الامتحان لم تعرف أمه عنه شيئًا",
	    false },
	{ "enforced_disappearance arbitrary_detention?",
	    "قيل لنا إنه في صيدنايا ثم قالوا لا يوجد عندنا أحد بهذا الاسم", true },
	{ "abduction_hostage", "كان الصحفي رهينة عندهم مع ثلاثة أجانب", false },
	{ "extortion abduction_hostage?", "لم يطلقوا سراح عمي حتى دفعنا عشرة آلاف دولار", false },
	{ "sexual_violence", "كانوا يغتصبون النساء أمام أزواجهن", false },
	{ "sexual_violence enslavement?", "أجبروا البنت على الزواج من أمير التنظيم", false },
	{ "siege", "منعونا من إدخال حليب الأطفال ثلاثة أشهر", false },
	{ "siege", "ماتت جارتنا من قلة الأكل أيام الحصار", false },
	{ "siege.medical_denial", "لم يسمح الحاجز لزوجتي الحامل بالوصول إلى المشفى", false },
	{ "forced_displacement unlawful_attack?", "نزح أهل عين عيسى كلهم بعد القصف التركي", false },
	{ "forced_displacement", "رحّلوا سكان الحي العرب وقالوا هذه أرضنا", false },
	{ "pillage_property", "كان الجنود يبيعون أثاث بيوتنا في سوق السنة", false },
	{ "pillage_property", "أحرق المسلحون محصول القمح قبل الحصاد", false },
	{ "housing_land|pillage_property", "يسكن في داري مقاتل ويرفض أن يخرج", false },
	{ "killing killing.execution?", "أعدموا رجلًا في ساحة البلدة أمام الناس", false },
	{ "killing", "رمى المسلحون جثته عند باب الجامع وعليها آثار طلقات", true },
	{ "killing unlawful_attack? unlawful_attack.ground?", "قتل الجنود الإسرائيليون فلاحًا كان يسقي أرضه",
	    false },
	{ "killing persecution?", "فتحوا باب البيت وأطلقوا الرصاص على جدي وعمي فماتا فورًا", false },
	{ "child_rights.recruitment", "كان بين المقاتلين أطفال لا تتجاوز أعمارهم الخامسة عشرة", false },
	{ "forced_conscription", "أمسكوا به عند الحدود وأرسلوه إلى الخدمة الإلزامية", false },
	{ "persecution", "هاجمونا لأننا دروز وكتبوا على الجدران كلامًا طائفيًا", false },
	{ "protected_objects.worship", "فجّر التنظيم ضريح الشيخ", false },
	{ "dead_bodies", "عثرنا على رفات عشرين شخصًا في حفرة واحدة", false },
	{ "prohibited_weapons.mine", "بترت ساق الراعي بلغم تركوه في الحقل", false },
};

static const struct sentence english[] = {
	{ "enforced_disappearance arbitrary_detention? abduction_hostage?",
	    "Men from the Fourth Division took his brother at the checkpoint; the family never heard from him again",
	    false },
	{ "torture arbitrary_detention",
	    "She was held for 40 days, hung by the wrists and beaten with a green pipe", false },
	{ "torture arbitrary_detention?", "They gave us electric shocks on our feet in the branch", false },
	{ "torture arbitrary_detention?", "HTS men beat him with cables", false },
	{ "torture arbitrary_detention?", "The guards put out cigarettes on his back", false },
	{ "child_rights.recruitment abduction_hostage?",
	    "My son was 14 when the YPG took him to a training camp", false },
	{ "housing_land|pillage_property", "The faction took our house and put families of fighters in it",
	    false },
	{ "pillage_property", "The soldiers stripped the houses of everything, even the wiring", false },
	{ "siege", "We ate grass and boiled leaves; nothing got through the checkpoint", false },
	{ "forced_displacement", "They forced us out at gunpoint and did not let us come back", false },
	{ "torture outrage_dignity?", "ISIS cut off his hand in the square", false },
	{ "killing killing.execution?", "They threw him off the roof", false },
	{ "killing.sniper", "Her cousin was shot by a sniper while fetching water", false },
	{ "sexual_violence enslavement?", "They made her marry a fighter", false },
	{ "sexual_violence outrage_dignity?", "The soldiers searched us naked and touched us", false },
	{ "extortion abduction_hostage? arbitrary_detention?", "They asked for 50,000 dollars to let him go",
	    false },
	{ "unlawful_attack.double_tap|unlawful_attack.air",
	    "The jet came back and hit the people pulling out the wounded", false },
	{ "prohibited_weapons.mine", "He stepped on a mine while harvesting", false },
	{ "killing persecution? killing.massacre? unlawful_attack?",
	    "Gunmen stormed the village, shouted sectarian insults and killed the men", false },
	{ "forced_conscription arbitrary_detention?",
	    "They pulled him off the bus and sent him to reserve service", false },
	{ "", "Interview took place over the phone, two hours, translated", false },
	{ "", "She asked that her name be withheld", false },
	{ "", "They took him to school on the first day", false },
	{ "", "He hung his coat by the door and made tea", false },
	{ "", "The family took our house as an example of good building", false },
};

/* Nothing at all. */
static const char *const daily[] = {
	"سجّلنا شهادة امرأة من الحي",
	"التعذيب محظور بموجب الاتفاقية",
	"ذبحنا خروفًا في العيد",
	"اختفى القمر وراء الغيوم",
	"أخذوه إلى المدرسة في يومه الأول",
	"انفجرت الكرة في الملعب",
	"ضرب الكرة برأسه فدخلت المرمى",
	"سحبوا القرعة مساء أمس",
	"نزلت الأمطار على ريف حماة منذ الصباح",
	"طبخت أمي المحاشي ودعت الجيران",
	"احترقت الطبخة لأنني نسيتها على النار",
	"شالوا الغسيل قبل المطر",
	"كهربا الحارة بتجي ساعتين باليوم",
	"ركّبنا دولابًا جديدًا للسيارة",
	"اشترينا كرسيًا ألمانيًا للمكتب",
	"وصل الباص الأخضر إلى الكراج متأخرًا",
	"زوّجوا ابنهم في الصيف وعملوا عرسًا كبيرًا",
	"مسك إيدها وقال لها لا تخافي",
	"علّق الصورة على الحائط",
	"جلد الحقيبة من النوع الجيد",
	"قصّ الحلاق شعره وحلق شاربه",
	"رمى الكرة من السطح إلى أخيه",
	"طلب السائق المصاري سلفًا",
	"فتّشوا عن القطة في البيت كله",
	"منع الطبيب عنه السكر والملح",
	"جاع الولد فأكل خبزًا وزيتونًا",
	"حاصرته الهموم بعد الرسوب",
	"هجر الرسم وصار يعزف على العود",
	"قتلنا الوقت بلعب الورق",
	"قنص اللاعب هدفًا في الدقيقة التسعين",
	"اختطف اللاعب الكرة وسجّل",
	"خطفت الأنظار بثوبها الأحمر",
	"حرق السعرات يحتاج إلى رياضة",
	"استولى عليه النعاس بعد الغداء",
	"انقطع الاتصال بالإنترنت يومًا كاملًا",
	"لا نعرف مصير المباراة بعد توقفها",
	"خرج إلى السوق ولم يرجع إلا مساءً",
	"احتجزنا طاولة في المطعم",
	"أوقف سيارته أمام البيت",
	"يدرّب المدرب فريق الناشئين وعمرهم 14 سنة",
	"جنّد كل وقته للدراسة",
	"اتفاقية مناهضة التعذيب تلزم الدول بالتحقيق",
	"نسأل الشاهد عن اسمه وتاريخ الواقعة",
	"يحفظ الموثّق الملف ولا يعدّل فيه",
	"تحظر المادة الثامنة تجنيد الأطفال",
	"درّبنا فريقنا على التوثيق",
	"نقلنا البرادات والأثاث إلى البيت الجديد",
	"هدمنا الحائط القديم لنوسّع المطبخ",
	"قطعنا أغصان الزيتون اليابسة قبل الربيع",
	"خرجنا من القرية لزيارة خالتي",
	"سرقت القطة السمكة من الصحن",
	"علّقت أمي الغسيل على السطح",
	"أنزلوا الركاب في المحطة الأخيرة",
	"جنّدت الشركة كل طاقاتها لإنهاء المشروع",
	"مات جدي في فراشه وعمره تسعون سنة",
	"أخذوا الشباب إلى المباراة بالباص",
	"أخذت زوجي إلى الطبيب",
	"سحب الشباب السيارة من الوحل",
	"قطعوا الكعكة بالسكين",
	"قطع يده وهو يقطّع البصل",
	"كنا ننام في مهجع الجامعة أربعة في الغرفة",
	"دفعنا مبلغًا كبيرًا للدهان",
	"طلب المدرّب من اللاعبين أن يجلسوا على الأرض",
	"رفض الولد أن يأكل الدواء",
	"سكنوا في بيتنا القديم بالإيجار",
	"أكلنا ورق العنب عند خالتي",
	"فرّقت بينهم المسافات",
	"غاب عن الدرس يومين ثم رجع",
	"اختفى المفتاح ولم نجده",
	"هربت القطة من البيت",
	"سألونا عن أسمائنا وأعمارنا في المدرسة",
	"استأجرت عائلة كردية بيتًا في حارتنا",
	"باع الفستان للبنات بسعر رخيص",
	"حلقوا شعرهم قبل العيد",
	"سكّر المحل بكير وراح عالبيت",
	"طفّى السيجارة وقام",
	"بقينا ساعة على الدور عند الفرن",
	"كان عمره 14 سنة لما دخل المعسكر الكشفي",
	"ربط الحبل بالسقف وعلّق المرجوحة",
	"وصلت المساعدات إلى البلدة أمس",
	"راجع الفريق الإفادات ودقّق التواريخ والأسماء",
	"صادر المعلم الهاتف في الصف",
	"حكى لنا عن أيام الدراسة في حلب",
	"قضيت ثلاث سنوات في الجامعة",
	"كلبشوا الورق بالدبوس",
	"دفعنا أجرة البيت حتى آخر السنة",
	"أحرق الشمس جلدنا على البحر",
	"سحبوا الأسنان عند الطبيب",
	"رجع الفريق من البطولة بلا كأس",
	"ما دخل الضيوف إلا بعد العشاء",
	"زوّجت بنتي لابن خالتها",
	"نزلنا إلى السوق واشترينا الزيتون",
	"طلبوا منا صور الهوية للتسجيل",
	"لما رجع أبي من عمله تعشّينا",
	"شال الولد اللعبة من الصندوق",
	"هدم العمال المدرسة القديمة لبناء أخرى",
	"تكلمنا مع الشاهدة عبر الهاتف ساعة كاملة",
	"علّق المدير إعلانًا على الباب",
};

/* value is id or lies below it. */
static bool
under(const char *value, const char *id, size_t n)
{
	return strncmp(value, id, n) == 0 && (value[n] == 0 || value[n] == '.');
}

static bool
is_found(const struct hz_tags *t, const char *id, size_t n)
{
	for (size_t i = 0; i < t->n; i++) {
		if (t->v[i].axis == HZ_AXIS_TYPE && under(t->v[i].value, id, n)) {
			return true;
		}
	}
	return false;
}

/* One of the types between bars, in one word of `want`. */
static bool
any_found(const struct hz_tags *t, const char *p, const char *end)
{
	while (p < end) {
		size_t n = strcspn(p, "| ");
		if (is_found(t, p, n)) {
			return true;
		}
		p += n + 1;
	}
	return false;
}

static bool
is_wanted(const char *value, const char *want)
{
	for (const char *p = want; *p != 0;) {
		char id[64];
		size_t n = strcspn(p, "|? ");
		assert_true(n < sizeof id);
		memcpy(id, p, n);
		id[n] = 0;
		if (under(id, value, strlen(value))) {
			return true;
		}
		p += n;
		p += strspn(p, "|? ");
	}
	return false;
}

/* Whether the types of the text are those that were wanted; says what is not. */
static bool
is_right(const struct hz_rules *r, const char *text, const char *want, bool tell)
{
	struct hz_tags t = { 0, NULL };
	bool right = true;
	assert_ok(hz_classify(r, text, strlen(text), NULL, &t));
	for (const char *p = want; *p != 0;) {
		size_t n = strcspn(p, " ");
		if (p[n - 1] != '?' && !any_found(&t, p, p + n)) {
			right = false;
			if (tell) {
				print_error("%s: missed %.*s\n", text, (int)n, p);
			}
		}
		p += n;
		p += strspn(p, " ");
	}
	for (size_t i = 0; i < t.n; i++) {
		if (t.v[i].axis == HZ_AXIS_TYPE && !is_wanted(t.v[i].value, want)) {
			right = false;
			if (tell) {
				print_error("%s: wrong %s\n", text, t.v[i].value);
			}
		}
	}
	hz_tags_done(&t);
	return right;
}

static void
expect_all(const struct sentence *s, size_t n)
{
	struct hz_rules *r = shipped_rules();
	size_t bad = 0;
	if (r == NULL) {
		skip();
	}
	for (size_t i = 0; i < n; i++) {
		if (is_right(r, s[i].text, s[i].want, !s[i].wrong) == s[i].wrong) {
			bad++;
			if (s[i].wrong) {
				print_error("%s: is right now, say so\n", s[i].text);
			}
		}
	}
	hz_rules_free(&r);
	assert_int_equal(bad, 0);
}

static void
arabic_testimonies(void **state)
{
	(void)state;
	expect_all(arabic, sizeof arabic / sizeof arabic[0]);
}

static void
english_notes(void **state)
{
	(void)state;
	expect_all(english, sizeof english / sizeof english[0]);
}

static void
daily_life(void **state)
{
	(void)state;
	struct hz_rules *r = shipped_rules();
	size_t bad = 0;
	if (r == NULL) {
		skip();
	}
	for (size_t i = 0; i < sizeof daily / sizeof daily[0]; i++) {
		bad += is_right(r, daily[i], "", true) ? 0 : 1;
	}
	hz_rules_free(&r);
	assert_int_equal(bad, 0);
}

/* The table can fail: a type that is not there, one that nobody wants. */
static void
table_can_fail(void **state)
{
	(void)state;
	struct hz_rules *r = shipped_rules();
	if (r == NULL) {
		skip();
	}
	assert_false(is_right(r, daily[0], "torture", false));
	assert_false(is_right(r, "عذبوه في السجن", "killing?", false));
	assert_true(is_right(r, "عذبوه في السجن", "killing|torture", false));
	hz_rules_free(&r);
}

/* What is joined to words as they are spoken. */
static void
spoken(void **state)
{
	(void)state;
	struct hz_rules *r = rules_of(TYPE("blow") "term ar ضرب verb\n" TYPE("place") "term ar حاجز\n" TYPE(
	    "flatten") "term ar دك verb\n");
	static const char *const blows[] = { "بيضربونا", "وبيضرب", "يضربونه", "يضربوننا", "ضربتنا", "ضربناهم",
		"ضربوهن", "عم يضربوا" };
	for (size_t i = 0; i < sizeof blows / sizeof blows[0]; i++) {
		assert_true(is_right(r, blows[i], "blow", true));
	}
	assert_true(is_right(r, "عالحاجز", "place", true));
	assert_true(is_right(r, "وعالحاجز", "place", true));
	assert_true(is_right(r, "عحاجز", "", true));
	assert_true(is_right(r, "بيدكم", "", true));
	assert_true(is_right(r, "شي بيدك", "", true));
	assert_true(is_right(r, "يدك", "flatten", true));
	assert_true(is_right(r, "مضربونه", "", true));
	hz_rules_free(&r);
}

/* Words that only look like a denial, and one that is. */
static void
certainties(void **state)
{
	(void)state;
	static const struct {
		const char *text, *id;
		enum hz_certainty want;
	} said_so[] = {
		{ "صلبوه في الساحة بعدما ذبحوه", "type:killing", HZ_CERTAIN_STATED },
		{ "أخذوه من بيته ولم يرجع", "type:enforced_disappearance", HZ_CERTAIN_STATED },
		{ "صاروا يهددوها بالاغتصاب إذا ما اعترفت", "type:sexual_violence", HZ_CERTAIN_STATED },
		{ "لم يكن معي محامٍ أمام القاضي", "type:fair_trial", HZ_CERTAIN_STATED },
		{ "يقال إنهم شبحوه من السقف", "type:torture", HZ_CERTAIN_ALLEGED },
		{ "لم يعذبوه في السجن", "type:torture", HZ_CERTAIN_DENIED },
	};
	struct hz_rules *r = shipped_rules();
	if (r == NULL) {
		skip();
	}
	for (size_t i = 0; i < sizeof said_so / sizeof said_so[0]; i++) {
		struct hz_tags t = { 0, NULL };
		assert_ok(hz_classify(r, said_so[i].text, strlen(said_so[i].text), NULL, &t));
		const struct hz_tag *x = find_tag(&t, said_so[i].id);
		if (x == NULL || x->certainty != said_so[i].want) {
			fail_msg("%s: %s", said_so[i].text,
			    x == NULL ? "not found" : hz_certainty_word(x->certainty));
		}
		hz_tags_done(&t);
	}
	hz_rules_free(&r);
}

const struct CMUnitTest testimony_tests[] = {
	cmocka_unit_test(spoken),
	cmocka_unit_test(certainties),
	cmocka_unit_test(arabic_testimonies),
	cmocka_unit_test(english_notes),
	cmocka_unit_test(daily_life),
	cmocka_unit_test(table_can_fail),
};
const size_t n_testimony_tests = sizeof testimony_tests / sizeof testimony_tests[0];
