#!/bin/sh
# Makes an authority and tokens of every kind with openssl, then runs the test program on them.
# tsa.sh PROGRAM AUTHORITY.sh
set -eu
program=$(realpath "$1") authority=$(realpath "$2")
command -v openssl >/dev/null || {
	echo '1..0 # SKIP openssl is not installed'
	exit 0
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
a() { sh "$authority" "$work/a" "$@"; }
a make
printf 'a checkpoint\n' >data
openssl ts -query -data data -sha256 -cert -out query.tsq 2>/dev/null
openssl ts -query -data data -sha256 -cert -out other.tsq 2>/dev/null
openssl ts -query -data data -sha1 -cert -out weak.tsq 2>/dev/null
openssl ts -query -data data -sha512 -no_nonce -out bare.tsq 2>/dev/null
a reply good query.tsq good.tsr
a reply second query.tsq second.tsr
a reply expired query.tsq expired.tsr
a reply good weak.tsq weak.tsr
a reply good bare.tsq bare.tsr
a ocsp good good.ocsp
openssl ts -reply -in good.tsr -token_out -out good.token 2>/dev/null
a forge good good.token again.token -cades
a forge code good.token code.token -cades
a forge loose good.token loose.token -cades
a forge good good.token noess.token
a forge good good.token sha1.token -cades -md sha1
# Two signers of one token.
openssl cms -resign -inform DER -outform DER -cades -in again.token -signer a/second.pem -inkey a/second.key -out two.token 2>/dev/null
# The certificate of another key beside the signature: the names match, the attribute tells them apart.
cp a/empty.crl empty.crl
a revoke good superseded
cp a/good.crl later.crl
a revoke second keyCompromise
a ocsp second second.ocsp
openssl x509 -in a/ca.pem -outform DER -out a/ca.der
openssl crl -in a/second.crl -outform DER -out second.der
openssl crl -in empty.crl -outform DER -out empty.der
inside() { /usr/bin/python3 -B "${authority%/*}/revocation_inside.py" "$@"; }
openssl ts -reply -in second.tsr -token_out -out second.token 2>/dev/null
inside good.token crl.inside --crl empty.der
inside good.token ocsp.inside --ocsp good.ocsp
inside second.token crl2.inside --crl second.der
inside second.token ocsp2.inside --crl empty.der --ocsp second.ocsp
inside good.token broken.inside --crl empty.der --broken
HIRZ_TSA=$work "$program"
