#!/usr/bin/env python3
"""Make signature_vectors.h: signatures that are to be taken, and all kinds that are not.

    signature_vectors.py > tests/unit/signature_vectors.h

The kinds are those of Project Wycheproof's vectors for ECDSA P-256 with SHA-256: edge values
of r and s, of what is computed from them, and of the key, and DER that is malformed in
each field; of RSA the paddings that have been taken for good ones somewhere.  openssl is
asked about each, and has to be of the same opinion.  Random numbers are the same each time.
"""
import base64
import hashlib
import os
import random
import subprocess
import sys
import tempfile

P = 2**256 - 2**224 + 2**192 + 2**96 - 1
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
G = (0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
     0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5)
SHA256_INFO = bytes.fromhex("3031300d060960864801650304020105000420")
MESSAGE = b"""pith-manifest 1
product gateway
board qemu-x86_64
serial 42
image broker
type erofs
size 1138688
sha256 %s
data 1126400
root %s
salt %s
image web
type squashfs
size 12288
sha256 %s
data 8192
root %s
salt %s
end 2
""" % tuple(hashlib.sha256(b"%d" % i).hexdigest().encode() for i in range(6))
DIGEST = hashlib.sha256(MESSAGE).digest()
Z = int.from_bytes(DIGEST, "big") % N

chance = random.Random(7)


def inverse(a, m):
    return pow(a, -1, m)


def add(one, other):
    """None is the point at infinity."""
    if one is None or other is None:
        return one or other
    (x, y), (u, v) = one, other
    if x == u and (y + v) % P == 0:
        return None
    slope = (3 * x * x - 3) * inverse(2 * y, P) if one == other else (v - y) * inverse(u - x, P)
    w = (slope * slope - x - u) % P
    return w, (slope * (x - w) - y) % P


def multiply(k, point):
    result, k = None, k % N
    while k:
        if k & 1:
            result = add(result, point)
        point, k = add(point, point), k >> 1
    return result


def lift(x):
    """A point with that x, or None."""
    square = (x**3 - 3 * x + B) % P
    y = pow(square, (P + 1) // 4, P)
    return (x, y) if y * y % P == square else None


def sign(d, k=None):
    k = k or chance.randrange(1, N)
    r = multiply(k, G)[0] % N
    return r, inverse(k, N) * (Z + r * d) % N


def recover(r, s, point):
    """The key by which (r, s) is good, if what is computed is that point."""
    minus_z_g = multiply(N - Z, G)
    return multiply(inverse(r, N), add(multiply(s, point), minus_z_g))


def encode_point(q):
    return b"\4" + q[0].to_bytes(32, "big") + q[1].to_bytes(32, "big")


def number(n):
    """As DER has an INTEGER, without its tag and length."""
    return n.to_bytes(n.bit_length() // 8 + 1, "big", signed=True)


def tlv(tag, value, length=None):
    return bytes([tag]) + (bytes([len(value)]) if length is None else length) + value


def der(r, s):
    return tlv(0x30, tlv(2, number(r)) + tlv(2, number(s)))


# --- ECDSA ------------------------------------------------------------------------

def ecdsa_numbers():
    """(name, key, r, s, whether it is good)"""
    d = chance.randrange(1, N)
    q = multiply(d, G)
    r, s = sign(d)
    yield "a signature", q, r, s, True
    yield "another of the same key", q, *sign(d), True
    yield "the other s", q, r, N - s, True
    yield "of another key", multiply(d + 1, G), r, s, False
    yield "of the key's negative", (q[0], P - q[1]), r, s, False
    yield "r and s exchanged", q, s, r, False
    yield "r + 1", q, r + 1, s, False
    yield "s + 1", q, r, s + 1, False
    yield "r's complement", q, N - r, s, False
    yield "r + n", q, r + N, s, False
    yield "s + n", q, r, s + N, False
    yield "-r", q, -r, s, False
    yield "-s", q, r, -s, False
    yield "r - n", q, r - N, s, False
    yield "s - n", q, r, s - N, False
    yield "r + 2^256", q, r + 2**256, s, False
    yield "s + 2^320", q, r, s + 2**320, False
    edges = {"0": 0, "1": 1, "-1": -1, "n": N, "n - 1": N - 1, "n + 1": N + 1, "p": P, "p + 1": P + 1,
             "2^256 - 1": 2**256 - 1, "2^256": 2**256}
    for name, edge in edges.items():
        yield f"r is {name}", q, edge, s, False
        yield f"s is {name}", q, r, edge, False
        for other_name, other in edges.items():
            yield f"r is {name} and s is {other_name}", q, edge, other, False
    # What is computed on the way
    for name, k in (("1", 1), ("2", 2), ("n - 1", N - 1), ("n - 2", N - 2), ("(n + 1) / 2", (N + 1) // 2)):
        yield f"k is {name}", q, *sign(d, k), True
    for name, e in (("1", 1), ("2", 2), ("n - 1", N - 1), ("n - 2", N - 2)):
        own = multiply(e, G)
        yield f"the private key is {name}", own, *sign(e), True
        yield f"k is the private key, {name}", own, *sign(e, e), True
    # u1 = z/s and u2 = r/s
    for name, u1 in (("1", 1), ("2", 2), ("n - 1", N - 1)):
        point = multiply(chance.randrange(1, N), G)
        s_of = Z * inverse(u1, N) % N
        yield f"z / s is {name}", recover(point[0] % N, s_of, point), point[0] % N, s_of, True
    for name, u2 in (("1", 1), ("2", 2), ("n - 1", N - 1)):
        point = multiply(chance.randrange(1, N), G)
        s_of = point[0] * inverse(u2, N) % N
        yield f"r / s is {name}", recover(point[0] % N, s_of, point), point[0] % N, s_of, True
    # Both summands are the same point, so one is doubled; or they cancel each other out
    for name, sign_of in (("the same", 1), ("opposite", -1)):
        r = chance.randrange(1, N)
        own = Z * inverse(r, N) * sign_of % N
        if sign_of == 1:
            # Q = (z/r)G, and 2(z/s)G = kG has to have r for its x.
            k = chance.randrange(1, N)
            r = multiply(k, G)[0] % N
            s_of = 2 * Z * inverse(k, N) % N
            yield f"both summands are {name}", multiply(Z * inverse(r, N), G), r, s_of, True
        else:
            yield f"the summands are {name}", multiply(own, G), r, chance.randrange(1, N), False
    # x of the point is n or more, so r is smaller than it
    x = N
    while lift(x) is None:
        x += 1
    point, s_of = lift(x), chance.randrange(1, N)
    yield "x is above n", recover(x - N, s_of, point), x - N, s_of, True
    yield "x is above n, and r is not reduced", recover(x - N, s_of, point), x, s_of, False
    x = 1
    while lift(x) is None:
        x += 1
    point = lift(x)
    yield "r is tiny", recover(x, s_of, point), x, s_of, True
    for name, tiny in (("1", 1), ("2", 2), ("n - 1", N - 1)):
        point = multiply(chance.randrange(1, N), G)
        yield f"s is {name}, and that is right", recover(point[0] % N, tiny, point), point[0] % N, tiny, True
    # Keys with zeros in front
    for name, at in (("x", 0), ("y", 1)):
        e = 1
        while multiply(e, G)[at] >> 248:
            e += 1
        yield f"the key's {name} is short", multiply(e, G), *sign(e), True
    # Numbers that are shorter than others, or have their highest bit set
    for name, wanted in (("short r", lambda r, s: r < 2**248), ("short s", lambda r, s: s < 2**248),
                         ("no zero in front", lambda r, s: r < 2**255 and s < 2**255),
                         ("zeros in front of both", lambda r, s: r >= 2**255 and s >= 2**255)):
        while not wanted(*(pair := sign(d))):
            pass
        yield name, q, *pair, True


def ecdsa_forms():
    """(name, key, bytes): DER that is none, of a signature that is good."""
    d = chance.randrange(1, N)
    q = multiply(d, G)
    yield from ((name, q, signature) for name, signature in malformed(d))


def malformed(d):
    while not ((pair := sign(d))[0] >= 2**255 > pair[1]):
        pass    # one with a zero in front, the other without
    r, s = (tlv(2, number(n)) for n in pair)
    body = r + s
    good = tlv(0x30, body)
    for size in range(len(good)):
        yield f"cut to {size} bytes", good[:size]
    for what, make in (("sequence", lambda t: t(0x30, body)), ("r", lambda t: tlv(0x30, t(2, r[2:]) + s)),
                       ("s", lambda t: tlv(0x30, r + t(2, s[2:])))):
        def length_of(*octets):
            return make(lambda tag, value: tlv(tag, value, bytes(octets)))
        n = len(body) if what == "sequence" else 33 if what == "r" else 32
        yield f"length of {what} in 2 bytes", length_of(0x81, n)
        yield f"length of {what} in 3 bytes", length_of(0x82, 0, n)
        yield f"length of {what} in 5 bytes", length_of(0x84, 0, 0, 0, n)
        yield f"length of {what} in 9 bytes", length_of(0x88, *[0] * 7, n)
        yield f"length of {what} with 2^32 on top", length_of(0x85, 1, 0, 0, 0, n)
        yield f"length of {what} with 2^64 on top", length_of(0x89, 1, *[0] * 7, n)
        yield f"length of {what} is 2^32 - 1", length_of(0x84, 255, 255, 255, 255)
        yield f"length of {what} is 2^64 - 1", length_of(0x88, *[255] * 8)
        yield f"length of {what} is indefinite", length_of(0x80)
        yield f"length of {what} is indefinite, with an end", length_of(0x80) + b"\0\0"
        yield f"length of {what} is reserved", length_of(0xff)
        yield f"no length of {what}", length_of()
        for wrong in (0, 1, n - 1, n + 1, n + 2, 2 * n, 127):
            yield f"length of {what} is {wrong}", length_of(wrong)
        for tag in (0x00, 0x01, 0x03, 0x04, 0x05, 0x06, 0x0a, 0x0c, 0x10, 0x1f, 0x22, 0x31, 0x82, 0xa0, 0xff):
            yield f"tag of {what} is {tag:#04x}", make(lambda _, value, tag=tag: tlv(tag, value))
        tag_of = 0x30 if what == "sequence" else 2
        yield f"tag of {what} in two bytes", make(lambda _, value: tlv(0x3f if tag_of == 0x30 else 0x1f, bytes([tag_of]) + value))
        yield f"{what} is empty", make(lambda tag, value: tlv(tag, b""))
        yield f"{what} is missing", make(lambda tag, value: b"")
        yield f"{what} is NULL", make(lambda tag, value: b"\5\0")
        yield f"{what} twice", make(lambda tag, value: 2 * tlv(tag, value))
        yield f"{what} in a sequence of its own", make(lambda tag, value: tlv(0x30, tlv(tag, value)))
        yield f"{what} in an octet string", make(lambda tag, value: tlv(4, tlv(tag, value)))
        for tail in (b"\0", b"\0\0", b"\5\0", b"\2\1\0"):
            yield f"{tail.hex()} after {what}", make(lambda tag, value, tail=tail: tlv(tag, value) + tail)
            yield f"{tail.hex()} at the end of {what}", make(lambda tag, value, tail=tail: tlv(tag, value + tail))
            yield f"{tail.hex()} in front of {what}", make(lambda tag, value, tail=tail: tail + tlv(tag, value))
            yield f"{tail.hex()} at the beginning of {what}", make(lambda tag, value, tail=tail: tlv(tag, tail + value))
        yield f"{what} without its last byte", make(lambda tag, value: tlv(tag, value[:-1]))
        yield f"{what} without its first byte", make(lambda tag, value: tlv(tag, value[1:]))
        yield f"many zeros in front of {what}", make(lambda tag, value: tlv(tag, bytes(70) + value))
    yield "a third number", tlv(0x30, body + tlv(2, b"\1"))
    yield "r alone", tlv(0x30, r)
    yield "numbers without a sequence", body
    yield "numbers of 32 bytes, without DER", b"".join(n.to_bytes(32, "big") for n in pair)
    yield "all zeros", bytes(len(good))
    yield "all ones", b"\xff" * len(good)
    yield "REAL for a number", tlv(0x30, tlv(9, b"\x80\0\1") + s)
    yield "after a newline", b"\n" + good
    yield "in base64", base64.b64encode(good)
    yield "in hexadecimal digits", good.hex().encode()
    yield "in PEM", b"-----BEGIN SIGNATURE-----\n" + base64.b64encode(good) + b"\n-----END SIGNATURE-----\n"
    yield "as long as one of RSA", good + bytes(256 - len(good))
    yield "endless zeros", good + bytes(512 - len(good))


def is_der(signature):
    """Whether it is a signature's one spelling: that of the two numbers that it has."""
    try:
        at, numbers = 2, []
        for _ in range(2):
            size = signature[at + 1]
            numbers.append(int.from_bytes(signature[at + 2:at + 2 + size], "big", signed=True))
            at += 2 + size
    except IndexError:
        return False
    return all(0 < n < 2**256 for n in numbers) and der(*numbers) == signature


def ecdsa():
    """(name, key in hexadecimal digits, signature, what becomes of it)"""
    form = []
    for name, q, r, s, good in ecdsa_numbers():
        form.append((name, q, der(r, s), "NONE" if good else "SIGNATURE" if is_der(der(r, s)) else "SIGNATURE_FORM"))
    for name, q, signature in ecdsa_forms():
        may_be = len(signature) in (256, 384, 512) or is_der(signature)
        form.append((name, q, signature, "SIGNATURE" if may_be else "SIGNATURE_FORM"))
    return form


# --- RSA --------------------------------------------------------------------------

def is_prime(n):
    if any(n % p == 0 for p in (3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37)):
        return False
    odd, twos = n - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    for _ in range(20):
        x = pow(chance.randrange(2, n - 1), odd, n)
        if x in (1, n - 1):
            continue
        for _ in range(twos - 1):
            x = x * x % n
            if x == n - 1:
                break
        else:
            return False
    return True


def prime(bits, e):
    while True:
        n = chance.getrandbits(bits) | 3 << bits - 2 | 1
        if n % e != 1 and is_prime(n):
            return n


def rsa_key(bits, e):
    p, q = prime(bits // 2, e), prime(bits // 2, e)
    return p * q, e, inverse(e, (p - 1) * (q - 1))


def rsa():
    """(name, modulus, exponent, signature, what becomes of it)"""
    small = rsa_key(2048, 3)
    keys = {bits: rsa_key(bits, 65537) for bits in (2048, 3072, 4096)}
    info = SHA256_INFO + DIGEST

    def padded(size, tail, fill=b"\xff", head=b"\0\1", end=b"\0"):
        return head + fill * (size - len(tail) - len(head) - len(end)) + end + tail

    def signed(key, block):
        return pow(int.from_bytes(block, "big"), key[2], key[0]).to_bytes(key[0].bit_length() // 8, "big")

    for bits, key in keys.items():
        yield f"a signature of {bits} bits", key, signed(key, padded(bits // 8, info)), "NONE"
    yield "with exponent 3", small, signed(small, padded(256, info)), "NONE"
    key = keys[2048]
    good = signed(key, padded(256, info))
    yield "of another key", small, good, "SIGNATURE"
    yield "of a longer key", keys[3072], good, "SIGNATURE"
    yield "of a shorter key", key, signed(keys[3072], padded(384, info)), "SIGNATURE"
    for name, n in (("0", 0), ("1", 1), ("n - 1", key[0] - 1), ("n", key[0]), ("2^2048 - 1", 2**2048 - 1),
                    ("what is signed", int.from_bytes(padded(256, info), "big"))):
        yield f"it is {name}", key, n.to_bytes(256, "big"), "SIGNATURE"
    rest = (int.from_bytes(good, "big") + key[0])
    if rest < 2**2048:
        yield "n more", key, rest.to_bytes(256, "big"), "SIGNATURE"
    for size in (0, 1, 255, 257, 383, 385, 511):
        yield f"{size} bytes long", key, (good + bytes(512))[:size], "SIGNATURE_FORM"
    yield "a zero in front, and cut", key, (b"\0" + good)[:256], "SIGNATURE"
    sha1 = bytes.fromhex("3021300906052b0e03021a05000414") + hashlib.sha1(MESSAGE).digest()
    sha512 = bytes.fromhex("3051300d060960864801650304020305000440") + hashlib.sha512(MESSAGE).digest()
    sha224_of = bytearray(info)
    sha224_of[14] = 4
    for name, block in (
            ("PKCS#1 of SHA-1", padded(256, sha1)),
            ("PKCS#1 of SHA-512", padded(256, sha512)),
            ("the digest alone", padded(256, DIGEST)),
            ("another algorithm's name", padded(256, bytes(sha224_of))),
            ("block type 0", padded(256, info, head=b"\0\0", fill=b"\0")),
            ("block type 2", padded(256, info, head=b"\0\2", fill=b"\x55")),
            ("filled with something else", padded(256, info, fill=b"\xfe")),
            ("filled with zeros", padded(256, info, fill=b"\0")),
            ("no zero behind the filling", padded(256, info, end=b"")),
            ("two zeros behind the filling", padded(256, info, end=b"\0\0")),
            ("filled short, and rubbish at the end", padded(256, info + b"\x55" * 100)),
            ("filled not at all, and rubbish at the end", b"\0\1\0" + info + b"\x55" * (253 - len(info))),
            ("filled with 7 bytes, and rubbish at the end",
             b"\0\1" + b"\xff" * 7 + b"\0" + info + b"\x55" * (246 - len(info))),
            ("rubbish in NULL", padded(256, bytes.fromhex("3031300d060960864801650304020105010420")[:17] + info[17:])),
            ("lengths in the long form", padded(256, bytes.fromhex("308131300d060960864801650304020105000420") + DIGEST)),
            ("a digest that is cut", padded(256, info[:-1])),
            ("one byte too many", padded(256, info + b"\0")),
            ("another digest", padded(256, SHA256_INFO + hashlib.sha256(MESSAGE + b"\n").digest())),
            ("a highest byte", b"\1" + padded(256, info)[1:])):
        yield name, key, signed(key, block), "SIGNATURE"
    # Bleichenbacher's of 2006: a cube root whose cube begins like a signature
    for size in (0, 8, 100):
        begin = b"\0\1" + b"\xff" * size + b"\0" + info
        least = int.from_bytes(begin + bytes(256 - len(begin)), "big")
        low, high = 0, 2**700
        while low < high:
            middle = (low + high) // 2
            low, high = (middle + 1, high) if middle**3 < least else (low, middle)
        yield f"a cube root, with {size} bytes of filling", small, low.to_bytes(256, "big"), "SIGNATURE"


# --- openssl's opinion ---------------------------------------------------------------

def public_key(folder, what):
    """The path of a key in PEM."""
    def sequence(*parts):
        body = b"".join(parts)
        return tlv(0x30, body, b"\x82" + len(body).to_bytes(2, "big"))

    def bits(body):
        return tlv(3, b"\0" + body, b"\x82" + (len(body) + 1).to_bytes(2, "big"))

    if isinstance(what, bytes):
        spki = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d030107034200") + what
    else:
        n = number(what[0])
        key = sequence(b"\2\x82" + len(n).to_bytes(2, "big") + n, tlv(2, number(what[1])))
        spki = sequence(bytes.fromhex("300d06092a864886f70d0101010500"), bits(key))
    path = os.path.join(folder, "key.pem")
    with open(path, "wb") as file:
        file.write(b"-----BEGIN PUBLIC KEY-----\n" + base64.encodebytes(spki) + b"-----END PUBLIC KEY-----\n")
    return path


def ask_openssl(folder, name, key, signature, outcome):
    # dgst reads no more of a signature than the key has bytes, and takes what is longer.
    if not isinstance(key, bytes) and len(signature) > key[0].bit_length() // 8 and outcome != "NONE":
        return
    for file, content in (("message", MESSAGE), ("signature", signature)):
        with open(os.path.join(folder, file), "wb") as to:
            to.write(content)
    done = subprocess.run(
        ["openssl", "dgst", "-sha256", "-verify", public_key(folder, key), "-signature",
         os.path.join(folder, "signature"), os.path.join(folder, "message")],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    if (done.stdout == b"Verified OK\n") != (outcome == "NONE"):
        sys.exit(f"{name}: openssl says {done.stdout}, and {outcome} is expected")


# --- The header ------------------------------------------------------------------------

def text(data, indent):
    """A C string of hexadecimal digits."""
    digits = data.hex()
    rows = [digits[i:i + 76] for i in range(0, len(digits), 76)] or [""]
    return ("\n" + indent).join(f'"{row}"' for row in rows)


def main():
    rows = [(name, encode_point(q), signature, outcome) for name, q, signature, outcome in ecdsa()]
    rsa_rows = list(rsa())
    with tempfile.TemporaryDirectory() as folder:
        for name, key, signature, outcome in rows + rsa_rows:
            ask_openssl(folder, name, key, signature, outcome)
    print("/*\n * Made by signature_vectors.py, which says what these are.\n */")
    print("#ifndef TESTS_UNIT_SIGNATURE_VECTORS_H\n#define TESTS_UNIT_SIGNATURE_VECTORS_H\n")
    print('#include "init/refusal.h"\n')
    print("/* What is signed */\nstatic const char vector_message[] =")
    print("\n".join(f'\t"{line}\\n"' for line in MESSAGE.decode().splitlines()) + ";\n")
    keys = sorted({key for _, key, _, _ in rows})
    print("static const char *const vector_points[] = {")
    for key in keys:
        print(f"\t{text(key, '	')},")
    print("};\n\nstatic const struct ecdsa_vector {\n\tconst char *name;\n\tunsigned point;\n"
          "\tenum refusal_why why;\n\tconst char *signature;\n} ecdsa_vectors[] = {")
    for name, key, signature, outcome in rows:
        print(f"\t{{ \"{name}\", {keys.index(key)}, REFUSAL_{outcome},\n\t\t{text(signature, '		')} }},")
    keys = sorted({key[:2] for _, key, _, _ in rsa_rows})
    print("};\n\nstatic const struct { const char *modulus, *exponent; } vector_moduli[] = {")
    for n, e in keys:
        modulus = n.to_bytes(n.bit_length() // 8, "big")
        exponent = e.to_bytes((e.bit_length() + 7) // 8, "big")
        print(f"\t{{ {text(modulus, '	')},\n\t  {text(exponent, '')} }},")
    print("};\n\nstatic const struct rsa_vector {\n\tconst char *name;\n\tunsigned modulus;\n"
          "\tenum refusal_why why;\n\tconst char *signature;\n} rsa_vectors[] = {")
    for name, key, signature, outcome in rsa_rows:
        print(f"\t{{ \"{name}\", {keys.index(key[:2])}, REFUSAL_{outcome},\n\t\t{text(signature, '		')} }},")
    print("};\n\n#endif")


if __name__ == "__main__":
    main()
