#!/bin/sh
# A time stamp authority for tests, made by openssl: authority.sh DIR makes it; authority.sh DIR reply NAME QUERY
# REPLY answers a request with the certificate NAME; authority.sh DIR forge NAME TOKEN OUT [OPTION]... signs the
# content of a token again, as openssl cms does it. authority.sh DIR revoke NAME [REASON] makes DIR/NAME.crl.
set -eu
dir=$1
shift
OPENSSL_CONF="$dir/openssl.cnf"
export OPENSSL_CONF

config() {
	cat >"$OPENSSL_CONF" <<-X
		oid_section = oids
		[oids]
		test_policy = 1.2.3.4.5
		[ca]
		default_ca = authority
		[authority]
		dir = $dir
		database = \$dir/index
		new_certs_dir = \$dir
		serial = \$dir/serial
		certificate = \$dir/ca.pem
		private_key = \$dir/ca.key
		default_md = sha256
		default_crl_days = 3650
		policy = any
		[any]
		commonName = supplied
		[req]
		distinguished_name = dn
		prompt = no
		[dn]
		CN = unused
		[ca_ext]
		basicConstraints = critical,CA:TRUE
		keyUsage = critical,keyCertSign,cRLSign
		[good_ext]
		extendedKeyUsage = critical,timeStamping
		keyUsage = critical,digitalSignature
		[loose_ext]
		extendedKeyUsage = timeStamping
		[code_ext]
		extendedKeyUsage = critical,codeSigning
		[ocsp_ext]
		extendedKeyUsage = OCSPSigning
		[tsa]
		default_tsa = tsa1
		[tsa1]
		dir = $dir
		serial = \$dir/tsaserial
		crypto_device = builtin
		signer_digest = sha256
		default_policy = test_policy
		other_policies = test_policy
		digests = sha1, sha256, sha384, sha512
		accuracy = secs:1
		ess_cert_id_chain = no
		ess_cert_id_alg = sha256
	X
}

# key NAME [OPTION]...
key() {
	name=$1
	shift
	openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$dir/$name.key" 2>/dev/null
}

# certificate NAME EXTENSIONS START END
certificate() {
	key "$1"
	openssl req -new -key "$dir/$1.key" -subj "/CN=hirz test $1" -out "$dir/$1.csr" 2>/dev/null
	openssl ca -batch -notext -in "$dir/$1.csr" -out "$dir/$1.pem" -extensions "$2" -startdate "$3" \
		-enddate "$4" 2>/dev/null
}

make() {
	mkdir -p "$dir"
	: >"$dir/index"
	printf 'unique_subject = no\n' >"$dir/index.attr"
	printf '1000\n' >"$dir/serial"
	printf '01\n' >"$dir/tsaserial"
	config
	for ca in ca otherca; do
		key "$ca"
		openssl req -new -x509 -key "$dir/$ca.key" -subj "/CN=hirz test $ca" -extensions ca_ext -days 7300 \
			-out "$dir/$ca.pem" 2>/dev/null
	done
	year=$(date -u +%Y)
	certificate good good_ext "${year}0101000000Z" "$((year + 6))0101000000Z"
	certificate second good_ext "${year}0101000000Z" "$((year + 1))0101000000Z"
	certificate expired good_ext 20200101000000Z 20210101000000Z
	certificate loose loose_ext "${year}0101000000Z" "$((year + 6))0101000000Z"
	certificate code code_ext "${year}0101000000Z" "$((year + 6))0101000000Z"
	certificate responder ocsp_ext "${year}0101000000Z" "$((year + 6))0101000000Z"
	openssl ca -gencrl -out "$dir/empty.crl" 2>/dev/null
}

case ${1-make} in
make) make ;;
reply)
	openssl ts -reply -config "$OPENSSL_CONF" -section tsa1 -queryfile "$3" -signer "$dir/$2.pem" \
		-inkey "$dir/$2.key" -out "$4" 2>/dev/null
	;;
forge)
	name=$2 token=$3 out=$4
	shift 4
	openssl cms -verify -noverify -inform DER -in "$token" -out "$out.tst" 2>/dev/null
	openssl cms -sign -binary -nodetach -nosmimecap -econtent_type id-smime-ct-TSTInfo -outform DER \
		-signer "$dir/$name.pem" -inkey "$dir/$name.key" -in "$out.tst" -out "$out" "$@" 2>/dev/null
	;;
revoke)
	openssl ca -revoke "$dir/$2.pem" ${3:+-crl_reason "$3"} 2>/dev/null
	openssl ca -gencrl -out "$dir/$2.crl" 2>/dev/null
	;;
ocsp)
	openssl ocsp -index "$dir/index" -rsigner "$dir/responder.pem" -rkey "$dir/responder.key" -CA "$dir/ca.pem" \
		-issuer "$dir/ca.pem" -cert "$dir/$2.pem" -ndays 3650 -reqout "$3.req" -respout "$3" >/dev/null 2>&1 ||
		:
	openssl ocsp -index "$dir/index" -rsigner "$dir/responder.pem" -rkey "$dir/responder.key" -CA "$dir/ca.pem" \
		-reqin "$3.req" -ndays 3650 -respout "$3" >/dev/null 2>&1
	;;
*) exit 2 ;;
esac
