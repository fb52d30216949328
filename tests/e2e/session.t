#!/bin/sh
# unlock, lock, status, doctor.
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
passphrase "$T/pw"
must_pass "$HIRZ" init "$T/v" --org x --desk DM3 --kdf-mem 64 --passphrase-file "$T/pw"
HIRZ_VAULT=$T/v
export HIRZ_VAULT

must_pass "$HIRZ" --no-input --json status
is "$(json .locked)" true 'locked at first'
is "$(json .exhibits)" null 'how many exhibits there are is not known without keys'
is "$(json .log_size)" 1 'the size of the log is'
is "$(json .next)" 'hirz unlock' 'what to do next'
must_pass "$HIRZ" --no-input status
like "$(cat "$T/out")" 'not known without keys' 'and it is said'
must_pass "$HIRZ" --json status --passphrase-file "$T/pw"
is "$(json .exhibits)" 0 'with a passphrase it is known'
is "$(json .pins)" good 'the pins agree'
is "$(json .consent_unknown)" 0 'exhibits without consent are counted'

must_fail 12 "$HIRZ" --no-input list
must_fail 12 "$HIRZ" --no-input unlock
must_fail 2 "$HIRZ" unlock --for 5 --passphrase-file "$T/pw"
must_fail 2 "$HIRZ" unlock --for 8d --passphrase-file "$T/pw"
run "$HIRZ" unlock --for 3s --passphrase-file "$T/pw"
if [ "$rc" = 1 ]; then
	like "$(cat "$T/err")" 'HZ-E024' 'where the kernel refuses it is said'
	like "$(cat "$T/err")" 'passphrase is right' 'and that the passphrase was right'
	skip 9 'this system keeps no sessions'
else
	tap_verdict 0 'unlock'
	must_pass "$HIRZ" --no-input list
	must_pass "$HIRZ" --no-input --json status
	is "$(json .locked)" false 'status sees the session'
	must_fail 12 "$HIRZ" --no-input key export --age
	sleep 3.5
	must_fail 12 "$HIRZ" --no-input list
	must_pass "$HIRZ" --json unlock --for 2m --passphrase-file "$T/pw"
	is "$(json .seconds)" 120 'the time is said'
	must_pass "$HIRZ" --json lock
	is "$(json .was_open)" true 'lock ends it'
	must_fail 12 "$HIRZ" --no-input list
fi
must_pass "$HIRZ" --json lock
is "$(json .was_open)" false 'lock without a session is fine'
must_fail 6 "$HIRZ" --vault "$T/nowhere" lock

run "$HIRZ" --json doctor
like "$rc" '^(0|3)$' 'doctor ends with 0, or 3 where something is bad'
is "$(json '.checks | length > 6')" true 'doctor looks at many things'
is "$(json '[.checks[] | select(.state | IN("good", "warn", "bad") | not)] | length')" 0 'each is good, a note or bad'
is "$(json '.good + .warn + .bad == (.checks | length)')" true 'and they are counted'
run env -u HIRZ_VAULT "$HIRZ" doctor
like "$rc" '^(0|3)$' 'doctor needs no vault'
done_testing
