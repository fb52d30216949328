#!/bin/bash
# minisign and ssh-keygen check what we sign, and we check what they sign. stock.sh PROGRAM VECTOR.tar
set -u
signed=$(realpath "$1") vector=$(realpath "$2")
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
export LC_ALL=C
n=0
ok() { # ok WHAT COMMAND...
	n=$((n + 1))
	local what=$1
	shift
	if "$@" >"$work/out" 2>&1; then echo "ok $n - $what"; else echo "not ok $n - $what" && sed 's/^/# /' "$work/out"; fi
}
not() { # fails as a check fails; a program that is not there or dies is no refusal
	"$@"
	local rc=$?
	[ $rc = 1 ] || [ $rc = 255 ]
}
for tool in minisign ssh-keygen sha512sum sha256sum tar; do
	command -v "$tool" >/dev/null || { echo "1..0 # SKIP $tool is not installed" && exit 0; }
done
ssh_verify() { ssh-keygen -Y verify -f "$1/allowed_signers" -I hirz -n "$2" -s "$1/message.sig" <"$1/message"; }

mkdir "$work/ours" "$work/theirs"
ok "ours are written" "$signed" write "$work/ours"
cd "$work/ours" || exit 99
ok "minisign accepts our signature" minisign -V -H -p minisign.pub -m message
shown=$(minisign -V -H -Q -p minisign.pub -m message 2>/dev/null)
ok "minisign shows our trusted comment" [ "$shown" = "hirz bundle hirz-20260601-0008" ]
ok "ssh-keygen accepts our signature" ssh_verify . hirz-bundle
ok "ssh-keygen refuses another namespace" not ssh_verify . file
ok "ssh-keygen reads our public key" ssh-keygen -l -f ssh.pub
ok "our reader accepts our own" "$signed" check .
printf 'x' >>message
ok "minisign refuses a changed message" not minisign -V -H -p minisign.pub -m message
ok "ssh-keygen refuses a changed message" not ssh_verify . hirz-bundle
ok "our reader refuses a changed message" not "$signed" check .

cd "$work/theirs" || exit 99
printf 'their message\n' >message
ok "minisign makes a key" minisign -G -W -p minisign.pub -s minisign.key
ok "minisign signs" minisign -S -H -s minisign.key -m message -t 'a comment'
ok "ssh-keygen makes a key" ssh-keygen -q -t ed25519 -N '' -C 'their key' -f ssh
ok "ssh-keygen signs" ssh-keygen -Y sign -f ssh -n hirz-bundle message
ok "our reader accepts theirs" "$signed" check .
ssh-keygen -Y sign -f ssh -n file message </dev/null >/dev/null 2>&1
rm -f message.sig && ssh-keygen -Y sign -f ssh -n file message >/dev/null 2>&1
ok "our reader refuses their other namespace" not "$signed" check .

mkdir "$work/bundle" && cd "$work/bundle" && tar xf "$vector" && cd hirz-* || exit 99
ok "sha512sum checks the bundle's tag manifest" sha512sum -c --strict tagmanifest-sha512.txt
ok "sha512sum checks its manifest" sha512sum -c --strict manifest-sha512.txt
ok "sha256sum checks its tag manifest" sha256sum -c --strict tagmanifest-sha256.txt
ok "sha256sum checks its manifest" sha256sum -c --strict manifest-sha256.txt
ok "minisign checks the bundle" minisign -V -H -p keys/minisign.pub -m tagmanifest-sha512.txt
bundle_ssh() { ssh-keygen -Y verify -f keys/allowed_signers -I hirz -n hirz-bundle -s tagmanifest-sha512.txt.sig <tagmanifest-sha512.txt; }
ok "ssh-keygen checks the bundle" bundle_ssh
for f in custody/openings/ex-*.txt; do
	com=$(sha256sum "$f" | cut -c1-64)
	ok "an acquire event commits to ${f##*/}" bash -c "for e in custody/events/*.jws; do cut -d. -f2 \$e | tr _- /+ | base64 -d 2>/dev/null; done | grep -q '\"com\":\"$com\"'"
done
echo "1..$n"
