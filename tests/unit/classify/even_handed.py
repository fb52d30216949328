#!/usr/bin/python3
"""The rules treat every party alike: docs/explain/even-handedness.md says what this shows.

  even_handed.py BENCH_CLASSIFY RULES

Prints TAP. Reads the rules as text for what is said of parties, and asks the engine for what is made of sentences in which one
party's name stands in the place of another's.
"""
import json, re, subprocess, sys

ENGINE, RULES = sys.argv[1], sys.argv[2]
PLAIN = ("official", "neutral", "abbreviation")
# Not names of somebody: the words for "nobody knows who", and phrases that already say "at the hands of".
NO_NAME = ("unknown", "individuals")
# Its name says aircraft, and so an attack from the air: compared without that type.
IN_THE_AIR = ("gov_sy.air",)

# Words of praise or blame. Whoever they are said of, a line with them is critical or derogatory.
LOADED = {
    "en": r"\b(regime|militias?|mercenar\w*|terrorists?|gangs?|occupier|occupation|enemy|remnants|loyalists|invasion|aggression|shabb?iha)\b",
    "ar": r"(?:^| )=?(?:ال|لل)?(نظام|ميليشيا|ميليشيات|مليشيا|مليشيات|مرتزقة|إرهابي|إرهابية|إرهابيون|عصابة|عصابات|احتلال|عدوان|عدو|غزو|فلول|شبيحة|كلاب|خوارج)(?: |$)",
}
# Where such a word is part of a proper name, or the plain word for a crime.
NAMES = {
    "قوات حفظ النظام": "the name of a police force",
    "ردع العدوان": "the name of an operation", "deterrence of aggression": "the name of an operation",
    "criminal gang*": "the crime itself", "kidnapping gang*": "the crime itself",
    "عصابات خطف": "the crime itself", "عصابة خطف": "the crime itself", "عصابة إجرامية": "the crime itself", "عصابات إجرامية": "the crime itself",
}
# Kinds of words that are joined to the name of a state: the same for each of them.
STATES = {
    "russia": ("russian", "روسي"), "iran": ("iranian", "إيراني"), "turkey": ("turkish", "تركي"), "israel": ("israeli", "إسرائيلي"),
    "jordan": ("jordanian", "أردني"), "lebanon_state": ("lebanese", "لبناني"), "iraq_state": ("iraqi", "عراقي"),
    "us": ("american", "أمريكي"), "uk": ("british", "بريطاني"), "france": ("french", "فرنسي"),
}
ONE = {
    "en": [
        ("acts", "On that day {P} bombed a hospital in the town, killing ten civilians."),
        ("passive", "Ten civilians were killed by {P} in the town."),
        ("target", "Two men died in the town after an attack against {P} on that day."),
        ("control", "Ten civilians were killed in a town in areas controlled by {P} on that day."),
        ("source", "According to {P}, three civilians were killed in the town."),
        ("alleged", "On that day {P} allegedly tortured a man in the town."),
    ],
    "ar": [
        ("acts", "{P} قصفت مشفى في البلدة وقتل عشرة مدنيين."),
        ("passive", "قتل عشرة مدنيين على يد {P} في البلدة."),
        ("target", "قتل رجلان في البلدة بعد هجوم ضد {P} في ذلك اليوم."),
        ("control", "قتل عشرة مدنيين في مناطق سيطرة {P} في ذلك اليوم."),
        ("source", "بحسب {P}، قتل ثلاثة مدنيين في البلدة."),
    ],
}
TWO = {
    "en": "Ten civilians were killed by {P} in a town in areas controlled by {Q} on that day.",
    "ar": "قتل عشرة مدنيين على يد {P} في بلدة من مناطق سيطرة {Q} في ذلك اليوم.",
}

count = failed = 0


def ok(good, name, why=()):
    global count, failed
    count += 1
    failed += not good
    print("%sok %d - %s" % ("" if good else "not ", count, name))
    for w in list(why)[:12]:
        print("# " + w)


def read_rules():
    parties, cur = {}, None
    for number, line in enumerate(open(RULES, encoding="utf-8"), 1):
        line = line.strip()
        if line.startswith("["):
            kind, _, name = line[1:-1].partition(" ")
            cur = parties.setdefault(name, {"labels": {}, "lines": []}) if kind == "party" else None
        elif cur is not None and line and not line.startswith("#"):
            key, _, rest = line.partition(" ")
            if key == "alias":
                lang, _, rest = rest.partition(" ")
                rest, _, nots = (" " + rest).partition(" not=")
                words = rest.split()
                opts = {}
                while words and re.match(r"(w|need|register|valid)=|@\d|exact$|verb$|raw$|weak$", words[-1]):
                    key, _, value = words.pop().partition("=")
                    opts[key] = value
                alts = [a.strip() for a in re.sub(r"\+ \{.*?\}@\S+", "", " ".join(words)).split("|")]
                cur["lines"].append({"n": number, "lang": lang, "alts": alts, "pair": "+ {" in rest, "opts": opts, "not": nots})
            elif key.startswith(("label", "note")):
                cur["labels"][key] = rest.strip()
    return parties


def tags_of(texts):
    feed = "".join(json.dumps({"id": str(i), "text": t}) + "\n" for i, t in enumerate(texts))
    r = subprocess.run([ENGINE, "--tags", RULES], input=feed.encode(), stdout=subprocess.PIPE, check=True)
    out = [json.loads(line) for line in r.stdout.decode().splitlines()]
    assert len(out) == len(texts)
    return [d["tags"] for d in out]


def names_of(parties, lang):
    """For each party its plain names: of a force (w=4), and others (w=3, with a word of war beside them)."""
    owner = {}
    for p, d in parties.items():
        for line in d["lines"]:
            for a in line["alts"]:
                owner.setdefault(a, set()).add(p)
    found = {}
    for p, d in parties.items():
        for line in d["lines"]:
            o = line["opts"]
            if line["lang"] != lang or line["pair"] or o.get("register") not in PLAIN or "valid" in o or "raw" in o or "weak" in o:
                continue
            if "need" in o and not o["need"].endswith("@s"):
                continue
            for a in line["alts"]:
                if not re.search(r"[*={}]", a) and owner[a] == {p} and not re.search(LOADED[lang], a):
                    found.setdefault((p, o.get("w", "3")), []).append(a)
    return {k: sorted(v, key=lambda a: len(re.findall(r"\w+", a))) for k, v in found.items()}


def shape(tags, swap):
    """What the tags say, with the places of the names instead of the parties. Places and dates are of no interest here."""
    flies = any(p in IN_THE_AIR for p in swap)
    return sorted((t["axis"], swap.get(t["value"], t["value"]), t["role"], t["certainty"], t["score"], t["ambiguous"])
                  for t in tags if t["axis"] in ("type", "party") and not (flies and t["value"] == "unlawful_attack.air"))


def said_of_parties(parties):
    bad = ["%s: %s %s" % (p, k, v) for p, d in parties.items() for k, v in d["labels"].items()
           for lang in LOADED if k.endswith(lang) and re.search(LOADED[lang], v, re.I)]
    ok(not bad, "no label and no note of a party holds a word of praise or blame", bad)
    shown = {v for d in parties.values() for k, v in d["labels"].items() if k.startswith("label")}
    bad = ["line %d: %s" % (line["n"], a) for d in parties.values() for line in d["lines"] for a in line["alts"]
           if line["opts"].get("register") in ("critical", "derogatory") and a in shown]
    ok(not bad, "no critical or derogatory name is a display name", bad)
    bad = ["line %d: no register" % line["n"] for d in parties.values() for line in d["lines"] if "register" not in line["opts"]]
    ok(not bad, "every name of a party says its register", bad)
    bad = ["line %d: %s" % (line["n"], a) for d in parties.values() for line in d["lines"] for a in line["alts"]
           if line["lang"] in LOADED and a not in NAMES and re.search(LOADED[line["lang"]], a.replace("*", ""), re.I)
           and line["opts"].get("register") not in ("critical", "derogatory")]
    ok(not bad, "a word of praise or blame makes a name critical or derogatory, whoever is meant", bad)
    bad = ["line %d: w=%s need=%s" % (line["n"], line["opts"].get("w"), line["opts"].get("need"))
           for d in parties.values() for line in d["lines"]
           if line["lang"] in LOADED and (line["opts"].get("w", "3"), "weak" in line["opts"], line["opts"].get("need", "")[-2:] == "@s")
           not in (("4", False, False), ("3", False, True), ("3", False, False), ("2", True, False), ("2", True, True))]
    ok(not bad, "names weigh 4, 3 with a word of war beside them, or 2 when they are weak", bad)
    needs = {line["opts"]["need"] for d in parties.values() for line in d["lines"] if line["opts"].get("need", "").endswith("@s")}
    ok(len(needs) == 1, "the word of war that a bare name needs is the same for all", sorted(needs))


def frames(parties):
    for k, lang in enumerate(("en", "ar")):
        sets = {}
        for p, words in STATES.items():
            word = words[k]
            sets[p] = {a.replace(word, "X") for line in parties[p]["lines"] if line["lang"] == lang and line["opts"].get("register") == "neutral"
                       for a in line["alts"] if re.search(r"(^| )%s( |$)" % word, a)}
        common = set.intersection(*sets.values())
        bad = ["%s has also: %s" % (p, ", ".join(sorted(s - common))) for p, s in sets.items() if s - common]
        ok(len(common) > 20 and not bad, "%s: the same frames (%d) for every state" % (lang, len(common)), bad)
    for k, lang in enumerate(("en", "ar")):
        want = {a.replace(STATES["russia"][k], "X") for line in parties["russia"]["lines"] if line["lang"] == lang for a in line["alts"]
                if re.search(r"(^| )%s( |$)" % STATES["russia"][k], a) and line["opts"].get("register") == "neutral"} - {"X"}
        word = ("syrian", "سوري")[k]
        for new in ("gov_sy_new", "gov_sy"):
            have = {a.replace(word, "X") for p in parties if p == new or p.startswith(new + ".") for line in parties[p]["lines"]
                    if line["lang"] == lang for a in line["alts"]}
            if new == "gov_sy":
                ok(want <= have, "%s: the Syrian government to 2024 has these frames too" % lang, sorted(want - have))


def one_by_one(parties, lang):
    names = {k: v for k, v in names_of(parties, lang).items() if k[0] not in NO_NAME}
    flat = [(k, a) for k, v in sorted(names.items()) for a in v[:6]]
    alone = tags_of([a + "." for _, a in flat])
    best = {}
    for (k, a), tags in zip(flat, alone):
        if k not in best and not any(t["axis"] in ("type", "place") for t in tags) and all(t["value"] == k[0] for t in tags if t["axis"] == "party"):
            best[k] = a
    for w in ("4", "3"):
        chosen = {k[0]: a for k, a in best.items() if k[1] == w}
        for what, template in ONE[lang]:
            got = {}
            order = sorted(chosen)
            for p, tags in zip(order, tags_of([template.replace("{P}", chosen[p]) for p in order])):
                got.setdefault(json.dumps(shape(tags, {p: "P"})), []).append(p)
            common = max(got, key=lambda s: len(got[s]))
            bad = ["%s (%s): %s" % (p, chosen[p], s) for s, ps in got.items() if s != common for p in ps]
            party = [t for t in json.loads(common) if t[0] == "party" and t[1] == "P"]
            ok(len(order) >= 8 and not bad and len(party) >= 1, "%s, names of weight %s: %s, the same for %d parties" % (lang, w, what, len(order)), bad)
    chosen = {}
    for (p, w), a in sorted(best.items()):
        if w == "4":
            chosen[p] = a
    pairs = [(p, q) for p in sorted(chosen) for q in sorted(chosen) if p.split(".")[0] != q.split(".")[0]]
    texts = [TWO[lang].replace("{P}", chosen[p]).replace("{Q}", chosen[q]) for p, q in pairs]
    got = {}
    for (p, q), tags in zip(pairs, tags_of(texts)):
        got.setdefault(json.dumps(shape(tags, {p: "P", q: "Q"})), []).append("%s, %s" % (p, q))
    common = max(got, key=lambda s: len(got[s]))
    bad = ["%s: %s" % (p, s) for s, ps in got.items() if s != common for p in ps]
    sense = {(t[1], t[2]) for t in json.loads(common) if t[0] == "party"}
    ok(not bad and ("P", "alleged-perpetrator") in sense and ("Q", "location-or-control") in sense,
       "%s: names that change places change roles, nothing else (%d pairs)" % (lang, len(pairs)), bad)


def weapons():
    texts = ["Barrel bombs were dropped on the town by helicopters.", "A drone strike hit the market in the town.",
             "Chlorine gas was used in the attack on the town.", "A hell cannon was fired at the town.", "Vacuum missiles and cluster bombs hit the town.",
             "ألقيت براميل متفجرة من مروحية على البلدة.", "قصف بصواريخ عنقودية وفراغية على البلدة.", "قصف بمدفع جهنم على البلدة.",
             "غارة بطائرة مسيرة على سوق البلدة.", "قصف بغاز الكلور السام على البلدة."]
    bad = ["%s: %s" % (t, [x["value"] for x in tags if x["axis"] == "party"]) for t, tags in zip(texts, tags_of(texts))
           if any(x["axis"] == "party" for x in tags)]
    none = [t for t, tags in zip(texts, tags_of(texts)) if not any(x["axis"] == "type" for x in tags)]
    ok(not bad and not none, "a weapon names no party", bad + none)


def main():
    parties = read_rules()
    ok(len(parties) > 40, "the rules name %d parties" % len(parties))
    said_of_parties(parties)
    frames(parties)
    for lang in ("en", "ar"):
        one_by_one(parties, lang)
    weapons()
    print("1..%d" % count)
    return 1 if failed else 0


sys.exit(main())
