#!/bin/bash
# usage: jose.sh VECTORS
# The vectors of events and records are what their generator makes, and a JOSE library of others takes them.
set -u
vectors=$1
py=/usr/bin/python3
if ! "$py" -c 'import cryptography, jwcrypto' 2>/dev/null; then
	echo "1..0 # SKIP python3-cryptography and python3-jwcrypto are not installed"
	exit 0
fi
echo 1..2
if "$py" "$vectors/generate.py" --check; then echo "ok 1 - vectors are what generate.py makes"; else echo "not ok 1 - vectors differ"; fi
if "$py" "$(dirname "$0")/jose.py" "$vectors"; then echo "ok 2 - jwcrypto agrees"; else echo "not ok 2 - jwcrypto disagrees"; fi
