#!/bin/sh
# hirz audit: the whole log against what was signed and what was kept; audit packs with both verifiers; the report; forks,
# rollbacks and clocks that were set.
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"

passphrase "$T/pw"
HIRZ_PASSPHRASE_FILE=$T/pw
HIRZ_VAULT=$T/v
XDG_STATE_HOME=$T/state
export HIRZ_PASSPHRASE_FILE HIRZ_VAULT XDG_STATE_HOME
# shellcheck disable=SC2317 # must calls it
reader() { /usr/bin/python3 "$tap_top/tests/lib/verify.py" "$@"; }
reasons() { json 'select(.type == "verdict") | .reasons | join(" ")'; }
verdict() { json 'select(.type == "verdict") | .verdict'; }
whats() { json 'select(.type == "finding") | .what' | grep -v clock-unsynced | tr '\n' ' '; }

must_pass "$HIRZ" --json init "$T/v" --org 'مركز <b>التوثيق</b> & "co"' --desk DM3 --kdf-mem 64
key=$(json .fingerprint)
must 3 'an empty vault: nothing to check is no success' "$HIRZ" --json audit
is "$(verdict)" INCOMPLETE 'and is called so'
samples "$T/files"
for n in 1 2 3; do printf 'more %d\n' "$n" >"$T/files/more$n"; done
must_pass "$HIRZ" add "$T/files/testimony-ar.txt" "$T/files/photo.jpg" --source 'شاهد 14' --consent C-1
must_pass "$HIRZ" log --checkpoint -o "$T/old.cp"
cp "$T/v/pin" "$T/old.pin"
must_pass "$HIRZ" open DM3-1 -o "$T/o" --reason 'مراجعة'
must_pass "$HIRZ" case new MAR
must_pass "$HIRZ" case add MAR DM3-1 DM3-2
must_pass "$HIRZ" export --all --to Court -o "$T/b.tar"

# --- good ---
must 0 'an audit' "$HIRZ" --json audit --against "$T/old.cp" --against "$T/old.pin" --against "$T/b.tar" -o "$T/pack" --html "$T/r.html"
is "$(verdict)" VALID-SIGNED 'everything is as it was signed'
is "$(json 'select(.type == "check") | [.events, .event_findings, .checked, .matched, .missing, .different] | @json')" \
	'[8,0,2,2,0,0]' 'every event, every exhibit'
is "$(json 'select(.type == "check") | [.checkpoints, .clock_readings, .clock_findings] | @json')" '[7,1,0]' 'every kept checkpoint; the clock'
is "$(whats)" 'grew grew grew ' 'checkpoint, pin and bundle are contained in the log'
is "$(json .type | sort -u | grep -v progress | tr '\n' ' ')" 'check finding pack verdict ' 'the lines of the contract'
is "$(json 'select(.type == "pack") | .events')" 8 'the pack has every event'
must_pass "$HIRZ" audit
like "$(cat "$T/out")" 'VALID-SIGNED' 'the verdict for people'
must_pass "$HIRZ" -q audit
is "$(cat "$T/out")" '' 'nothing is said with -q'
must_pass "$HIRZ" --lang ar audit --against "$T/old.cp"
like "$(cat "$T/out")" 'السجل' 'in Arabic'
must_pass "$HIRZ" --json log
is "$(json .act | tail -n 1)" note 'an audit writes nothing into the log'
must_pass "$HIRZ" audit --record
must_pass "$HIRZ" verify --full --record
must_pass "$HIRZ" --json log
is "$(json 'select(.act == "verify") | .fields["verify.what"] + " " + .fields["verify.verdict"]' | tr '\n' ' ')" \
	'audit VALID-SIGNED verify VALID-SIGNED ' 'unless it is asked to'

# --- the pack, with both verifiers ---
must 0 'hirz-verify, with the fingerprint' "$HIRZ_VERIFY" --json "$T/pack" --key "$key" --against "$T/old.cp"
is "$(verdict)" VALID-SIGNED 'is satisfied'
is "$(json 'select(.type == "finding" and .id == "grew") | .level')" note 'the earlier checkpoint is in it'
must 0 'the second reader' reader "$T/pack" --key "$key"
is "$(tail -n 1 "$T/out")" VALID-SIGNED 'agrees'
must 3 'without a key nothing is trusted' "$HIRZ_VERIFY" "$T/pack"
must 3 'and the second reader agrees' reader "$T/pack"
must 4 'another key is refused' "$HIRZ_VERIFY" "$T/pack" --key 00000000000000000000000000000000
"$HIRZ" key export --vkey >"$T/vkey"
must 3 'a vkey proves only what it signs' "$HIRZ_VERIFY" --json "$T/pack" --key "$T/vkey"
is "$(reasons)" part-key 'and that is said'
must 0 'a pack is something kept from before too' "$HIRZ_VERIFY" "$T/pack" --key "$key" --against "$T/pack"
must 0 'for the audit as well' "$HIRZ" audit --against "$T/pack"
cat >"$T/mutate.py" <<'X'
"""Changes the pack in many ways; both verifiers must refuse each of them, with the same code."""
import random
import subprocess
import sys
verify, reader, key, path = sys.argv[1:]
data, rng, bad = open(path, 'rb').read(), random.Random(7), []
lines = data.split(b'\n')
events = [i for i, line in enumerate(lines) if line.startswith(b'eyJ')]
def joined(order):
    return b'\n'.join(lines[i] for i in order)
ways = {}
for n in range(40):
    at, bit = rng.randrange(len(data)), 1 << rng.randrange(7)
    ways['bit %d of byte %d' % (bit, at)] = data[:at] + bytes([data[at] ^ bit]) + data[at + 1:]
for i in events:
    whole = list(range(len(lines)))
    ways['without event in line %d' % i] = joined([k for k in whole if k != i])
    ways['line %d twice' % i] = joined(whole[:i] + [i] + whole[i:])
    if i + 1 in events:
        ways['line %d and the next swapped' % i] = joined(whole[:i] + [i + 1, i] + whole[i + 2:])
count = b' %d\n' % len(events)
cut = data.replace(count, b' %d\n' % (len(events) - 1), 1).replace(lines[events[-1]] + b'\n', b'', 1)
ways['without the last event, and counted so'] = cut
ways['cut in the middle'] = data[:len(data) // 2]
ways['more behind the end'] = data + b'\n'
name = path + '.bad'
for what, bytes_ in ways.items():
    open(name, 'wb').write(bytes_)
    one = subprocess.run([verify, name, '--key', key], capture_output=True).returncode
    two = subprocess.run([sys.executable, reader, name, '--key', key], capture_output=True).returncode
    if one not in (4, 6) or one != two:
        bad.append('%s: %d and %d' % (what, one, two))
print('\n'.join(bad) or 'all of %d refused by both' % len(ways))
sys.exit(bool(bad))
X
must 0 'changed in many ways' /usr/bin/python3 "$T/mutate.py" "$HIRZ_VERIFY" "$tap_top/tests/lib/verify.py" "$key" "$T/pack"
diag "$(tail -n 1 "$T/out")"
sed 's/^end$/later 3\nab\nend/' "$T/pack" >"$T/later"
must 6 'a section of a later version is not passed over' "$HIRZ_VERIFY" --json "$T/later" --key "$key"
is "$(reasons)" section-unknown 'and named'
must 6 'nor by the second reader' reader "$T/later" --key "$key"

# --- the report ---
cat >"$T/report.py" <<'X'
import html.parser, re, sys
class Page(html.parser.HTMLParser):
    opened, tags, text = [], set(), ''
    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        for name, value in attrs:
            assert not name.startswith('on') and name not in ('src', 'href', 'action', 'data'), name
            assert 'javascript:' not in (value or ''), value
        if tag != 'meta' and not self.get_starttag_text().endswith('/>'):
            self.opened.append(tag)
    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
    def handle_endtag(self, tag):
        assert self.opened.pop() == tag, tag
    def handle_data(self, data):
        self.text += data
text = open(sys.argv[1], encoding='utf-8').read()
page = Page()
page.feed(text)
assert not page.opened, page.opened
assert not page.tags & {'script', 'link', 'iframe', 'img', 'object', 'form', 'b', 'base'}, page.tags
assert {'svg', 'rect', 'table'} <= page.tags
assert "default-src 'none'" in text and 'lang="ar"' in text
assert not re.search('https?://(?!www.w3.org/2000/svg)', text)
assert '<b>' in page.text and 'التوثيق' in page.text and 'VALID-SIGNED' in page.text
assert sys.argv[2] in page.text and 'تدقيق خزنة أدلة' in page.text
X
must 0 'the report: no script, nothing from outside, every text as a text, both languages' /usr/bin/python3 "$T/report.py" "$T/r.html" "$key"

# --- bad use ---
must_fail 1 "$HIRZ" audit -o "$T/pack"
must_fail 1 "$HIRZ" audit --html "$T/r.html"
must_fail 2 "$HIRZ" audit --against "$T/files/photo.jpg"
must_fail 1 "$HIRZ" audit --against "$T/none"
must_fail 2 "$HIRZ" audit --against
must_fail 2 "$HIRZ" audit DM3-1
must_fail 6 "$HIRZ" --vault "$T/files" audit
(unset HIRZ_PASSPHRASE_FILE; "$HIRZ" --no-input audit >"$T/out" 2>"$T/err" </dev/null)
is $? 12 'no passphrase, and nobody to ask'
is "$(find "$T" -name '*.part' | wc -l)" 0 'nothing half-written is left'

# --- two desks that went on with one vault, each for itself ---
cp -a "$T/v" "$T/desk2"
cp -a "$T/state" "$T/state2"
must_pass "$HIRZ" add "$T/files/clip.mp4" --consent C-1
must_pass "$HIRZ" audit -o "$T/desk1.pack"
must_pass env XDG_STATE_HOME="$T/state2" "$HIRZ" --vault "$T/desk2" add "$T/files/testimony-en.txt" --consent C-1
must_pass env XDG_STATE_HOME="$T/state2" "$HIRZ" --vault "$T/desk2" add "$T/files/more1" --consent C-1
must_pass env XDG_STATE_HOME="$T/state2" "$HIRZ" --vault "$T/desk2" log --checkpoint -o "$T/desk2.cp"
must_pass env XDG_STATE_HOME="$T/state2" "$HIRZ" --vault "$T/desk2" audit -o "$T/desk2.pack"
must 11 'a fork, in a longer history' "$HIRZ" --json audit --against "$T/desk2.pack"
is "$(verdict)" INVALID 'is not valid'
is "$(reasons)" 'stored-bytes-only fork' 'and named'
is "$(json 'select(.what == "fork") | .id')" 'event 0:10' 'with the first event at which the two part'
like "$(json 'select(.what == "fork") | .detail')" 'part at event 10' 'in words too'
must 11 'the other way round' env XDG_STATE_HOME="$T/state2" "$HIRZ" --vault "$T/desk2" --json audit --against "$T/desk1.pack"
is "$(whats)" 'fork ' 'the same'
must 11 'with a checkpoint alone a longer history is at least a rollback' "$HIRZ" --json audit --against "$T/desk2.cp"
is "$(whats)" 'rollback ' 'the log is shorter than what was seen'
must 11 'hirz-verify finds the fork between two packs' "$HIRZ_VERIFY" "$T/desk2.pack" --key "$key" --against "$T/desk1.pack"
must 0 'each alone is valid, which is why something must be kept outside' "$HIRZ_VERIFY" "$T/desk2.pack" --key "$key"

# --- an older copy, a restored one, another vault ---
must_pass "$HIRZ" log --checkpoint -o "$T/new.cp"
cp -a "$T/v" "$T/newest"
rm -rf "$T/v"
cp -a "$T/desk2" "$T/v"
must 3 'another vault: nothing can be compared' sh -c "
	\"$HIRZ\" -q init \"$T/w\" --org x --desk W --kdf-mem 64 && \"$HIRZ\" -q --vault \"$T/w\" add \"$T/o\" &&
	\"$HIRZ\" --json --vault \"$T/w\" audit --against \"$T/new.cp\""
is "$(whats)" 'other-log ' 'it is of another log'
rm -rf "$T/v"
cp -a "$T/newest" "$T/v"
must_pass "$HIRZ" add "$T/files/more2" --consent C-1
must_pass "$HIRZ" log --checkpoint -o "$T/latest.cp"
rm -rf "$T/v"
cp -a "$T/newest" "$T/v"
must 11 'an older copy' "$HIRZ" --json audit --against "$T/latest.cp"
is "$(whats)" 'rollback ' 'is older than the checkpoint'
must_pass "$HIRZ" recover restored -m 'disk failed'
must 3 'after recovery that is declared, and still said' "$HIRZ" --json audit --against "$T/latest.cp" -o "$T/two.pack"
is "$(whats)" 'restored ' 'as the new log itself says'
must 0 'a pack of two logs' "$HIRZ_VERIFY" --json "$T/two.pack" --key "$key"
must 0 'for the second reader too' reader "$T/two.pack" --key "$key"

# --- refused exports, clocks ---
printf 'no consent\n' >"$T/secret"
must_pass "$HIRZ" add "$T/secret"
last=$("$HIRZ" --json list | json 'select(.consent == "unknown") | .id' /dev/stdin | tail -n 1)
must_fail 8 "$HIRZ" export "$last" --to Court -o "$T/c.tar"
must_pass "$HIRZ" --json log
is "$(json 'select(.act == "refused") | .fields["refused.rule"] + " " + .fields["refused.to"]')" 'consent-unknown Court' 'a refusal is an event'
must_pass "$HIRZ" audit
trap 'rm -rf "${shim:-}"; tap_end' EXIT
if clock_shim; then
	n=0
	for shift in 31536000 -864000; do
		n=$((n + 1))
		printf 'clock %s\n' "$shift" >"$T/clock$n"
		must 0 "an exhibit while the clock is $shift s off" env CLOCK_SHIFT="$shift" LD_PRELOAD="$shim/shift.so" "$HIRZ" add "$T/clock$n"
	done
	must 0 'order and proofs stay valid' "$HIRZ" --json audit
	is "$(whats)" 'clock-set clock-back clock-set ' 'each jump is named'
	like "$(json 'select(.what == "clock-set") | .detail' | head -n 1)" 'set by \+315[0-9]+ s' 'by how much'
	like "$(reasons)" 'clock' 'and the result says so'
	must_pass "$HIRZ" add "$T/files/more3"
	must_pass "$HIRZ" --json log
	is "$(json .act | tail -n 2 | tr '\n' ' ')" 'clock acquire ' 'the clock is read where it was set since the last reading'
else
	skip 8 'no compiler here that makes a clock to be set, or a sanitizer that minds it'
fi
done_testing
