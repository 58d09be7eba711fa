#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks offline that a certificate, or a decision of the PMA, stands in the audit of an estate:
check-proof.py PROOF [KEY]

KEY is the audit's key as the estate publishes it (name+id+base64), or the file of it; without it
the key in the proof
is taken, and printed to be compared. The way: certificate, leaf, root of its chunk, audit entry
that names it, root of the audit, signed checkpoint (RFC 9162 section 2.1, C2SP tlog-checkpoint
and signed-note). Exit 0: proven; 1: not proven; 64: wrong use.
"""
import base64, hashlib, json, os, sys

def sha256(octets):
    return hashlib.sha256(octets).digest()

def need(condition, otherwise):
    if not condition:
        raise ValueError(otherwise)

# Ed25519, RFC 8032 section 5.1: points are (x, y); slow, short and enough for one signature.
P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D, ROOT_OF_MINUS_1 = -121665 * pow(121666, P - 2, P) % P, pow(2, (P - 1) // 4, P)

def add(a, b):
    (x, y), (u, v) = a, b
    t = D * x * u * y * v % P
    return ((x * v + u * y) * pow(1 + t, P - 2, P) % P, (y * v + x * u) * pow(1 - t, P - 2, P) % P)

def times(n, point):
    total = (0, 1)
    while n:
        total = add(total, point) if n & 1 else total
        point, n = add(point, point), n >> 1
    return total

def decode(octets):
    sign, y = divmod(int.from_bytes(octets, "little"), 2**255)
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x * ROOT_OF_MINUS_1 % P if (x * x - square) % P else x
    need(y < P and not (x * x - square) % P and (x or not sign), "no point: the key or signature")
    return (x if x & 1 == sign else P - x, y)

BASE = decode((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))

def verify_signature(key, message, signature):
    need(len(key) == 32 and len(signature) == 64, "a key or signature of the wrong length")
    s = int.from_bytes(signature[32:], "little")
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    need(s < L and times(s, BASE) == add(decode(signature[:32]), times(h, decode(key))),
         "the checkpoint's signature is wrong")

def root(leaf, place):
    """The root that an inclusion proof leads to (RFC 9162 section 2.1.3.2)."""
    node, last, value = place["index"], place["size"] - 1, sha256(b"\0" + leaf)
    need(0 <= node <= last, "a place outside its tree")
    for sibling in map(bytes.fromhex, place["path"]):
        need(last > 0 and len(sibling) == 32, "a path too long, or of other hashes")
        if node & 1 or node == last:
            value = sha256(b"\1" + sibling + value)
            while node and not node & 1:
                node, last = node >> 1, last >> 1
        else:
            value = sha256(b"\1" + value + sibling)
        node, last = node >> 1, last >> 1
    need(last == 0, "a path too short")
    return value

def check_certificate(proof):
    der = base64.b64decode(proof["certificate"], validate=True)
    leaf, chunk = proof["leaf"], proof["chunk"]
    said = "{kind}\n{party}\n{issued}\n{chunk}/{0}\n{requestHash}\n".format(chunk["index"], **leaf)
    facts = json.loads(proof["entry"])["facts"]
    need(facts["certificate-root"] == root(said.encode() + der, chunk).hex().upper()
         and facts["chunk"] == str(leaf["chunk"]) and facts["count"] == str(chunk["size"]),
         "the entry does not tell of this certificate")

def check_decision(proof):
    need(json.loads(proof["entry"])["facts"]["statement"]
         == sha256(proof["statement"].encode()).hex().upper(),
         "the entry does not tell of this decision")

FORMS = {"smki-certificate-proof-1": check_certificate, "smki-decision-proof-1": check_decision}

def check(proof, known_key):
    need(proof["format"] in FORMS, "another form of proof")
    need(known_key in (None, proof["key"]), "signed by another key than the known one")
    FORMS[proof["format"]](proof)
    text, _, signatures = proof["checkpoint"].rpartition("\n\n")
    origin, size, top = (text := text + "\n").split("\n")[:3]
    need(int(size) == proof["audit"]["size"]
         and base64.b64decode(top) == root(proof["entry"].encode(), proof["audit"]),
         "the entry is not under the checkpoint")
    name, key_id, text_of_key = proof["key"].split("+", 2)
    key = base64.b64decode(text_of_key)
    need(name == origin and key_id == sha256(name.encode() + b"\n" + key)[:4].hex() and key[0] == 1,
         "the key is not that of the log")
    mine = [line.split(" ")[2] for line in signatures.splitlines() if f"— {name} " in line]
    mine = [raw for raw in map(base64.b64decode, mine) if raw[:4].hex() == key_id]
    need(len(mine) == 1, "the log did not sign the checkpoint")
    verify_signature(key[1:], text.encode(), mine[0][4:])

if __name__ == "__main__":
    if len(sys.argv) not in (2, 3) or sys.argv[1].startswith("-"):
        sys.exit(print(__doc__, file=sys.stderr) or 64)
    try:
        with open(sys.argv[1], encoding="utf-8") as file:
            proof = json.load(file)
        key = sys.argv[2] if len(sys.argv) == 3 else None
        if key and os.path.isfile(key):
            with open(key, encoding="utf-8") as file:
                key = file.read().strip()
        check(proof, key)
    except (ValueError, KeyError, TypeError, IndexError, OSError) as error:
        sys.exit(print(f"not proven: {error}") or 1)
    print(f"proven: in the audit at {proof['audit']['index']}, signed by {proof['key']}")
