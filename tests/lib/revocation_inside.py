#!/usr/bin/python3
"""Puts revocation data into a time stamp token, as the unsigned attribute id-aa-ets-revocation-values (RFC 5126 6.3.4).

revocation_inside.py TOKEN OUT [--crl DER] [--ocsp DER] [--broken]
"""
import sys


def tlv(tag, content):
    n = len(content)
    length = bytes([n]) if n < 128 else bytes([0x80 | (n.bit_length() + 7) // 8]) + n.to_bytes((n.bit_length() + 7) // 8, 'big')
    return bytes([tag]) + length + content


def split(data):
    """The values that stand one behind the other: [(tag, content)]."""
    values = []
    while data:
        n, at = data[1], 2
        if n & 0x80:
            at += n & 0x7f
            n = int.from_bytes(data[2:at], 'big')
        values.append((data[0], data[at:at + n]))
        data = data[at + n:]
    return values


def add_last(data, depth, extra):
    """Appends to the last value of the last value and so on, depth deep."""
    (tag, content), = split(data)[-1:]
    head = data[:len(data) - len(tlv(tag, content))]
    return head + tlv(tag, add_last(content, depth - 1, extra) if depth else content + extra)


def main():
    token, out, *options = sys.argv[1:]
    values = b''
    while options:
        option = options.pop(0)
        if option == '--broken':
            values = values[:-3]
            continue
        with open(options.pop(0), 'rb') as f:
            data = f.read()
        if option == '--ocsp':  # of the response the basic one: SEQUENCE, [0], SEQUENCE, OCTET STRING
            data = split(split(split(split(data)[0][1])[1][1])[0][1])[1][1]
        values += tlv(0xa0 if option == '--crl' else 0xa1, tlv(0x30, data))
    oid = bytes.fromhex('060b2a864886f70d0109100218')
    attribute = tlv(0x30, oid + tlv(0x31, tlv(0x30, values)))
    with open(token, 'rb') as f:
        data = f.read()
    # ContentInfo, [0], SignedData, the set of signers, the one signer
    with open(out, 'wb') as f:
        f.write(add_last(data, 4, tlv(0xa1, attribute)))


main()
