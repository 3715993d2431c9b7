"""A second reader of what this program stores, written from the specification alone: no code of the program is used.

It is given what lies on the remote, a passphrase, the account secret and the realm's printed root key. From these it derives
and opens everything, checks each signature, certificate, commitment and journal entry, and tries each thing again altered.
Prints what it read as JSON; ends with an error as soon as anything does not fit.

    python reader.py world.json
"""
import base64
import hashlib
import hmac
import json
import struct
import sys
import unicodedata
import uuid

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes, hpke
from cryptography.hazmat.primitives.asymmetric import ed25519, mlkem, x25519
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand

SEGMENT, HEADER, TAG = 262144, 40, 16
KINDS = {"certs": ("certificate", "revocation"), "scope_keys": ("scope-key",), "journal": ("journal",)}
STATEMENTS = {"medical_records": "record", "doctor_notes": "note", "medications": "prescription"}


class Refused(Exception):
    """What was given is not what it claims to be."""


def need(holds, what):
    if not holds:
        raise Refused(what)


def u32(number):
    return struct.pack(">I", number)


def u64(number):
    return struct.pack(">Q", number)


def lp(*parts):
    return b"".join(struct.pack(">H", len(part)) + part for part in parts)


def sha(data):
    return hashlib.sha256(data).digest()


def expand(key, info):
    return HKDFExpand(hashes.SHA256(), 32, info).derive(key)


def derived_id(*parts):
    out = bytearray(sha(lp(*parts))[:16])
    out[6], out[8] = out[6] & 0x0F | 0x80, out[8] & 0x3F | 0x80  # a UUID of version 8
    return bytes(out)


# --- BSON, as far as bodies use it -------------------------------------------------------------------------------------

def bson(data):
    document, end = _document(data, 0)
    need(end == len(data), "bytes behind a document")
    return document


def _document(data, at, as_list=False):
    (length,) = struct.unpack_from("<i", data, at)
    end, at, out = at + length, at + 4, {}
    need(length >= 5 and end <= len(data) and data[end - 1] == 0, "length of a document")
    while data[at] != 0:
        kind, stop = data[at], data.index(0, at + 1)
        name = data[at + 1:stop].decode()
        need(name not in out, "a field that stands twice")
        out[name], at = _value(data, kind, stop + 1)
    need(at == end - 1, "end of a document")
    return (list(out.values()) if as_list else out), end


def _value(data, kind, at):
    if kind in (0x03, 0x04):
        return _document(data, at, kind == 0x04)
    if kind == 0x0A:
        return None, at
    if kind == 0x08:
        return data[at] == 1, at + 1
    if kind in (0x01, 0x12):
        return struct.unpack_from("<d" if kind == 0x01 else "<q", data, at)[0], at + 8
    need(kind in (0x02, 0x05), "kind of a value")
    (length,) = struct.unpack_from("<i", data, at)
    start = at + (4 if kind == 0x02 else 5)
    need(length >= 0 and start + length <= len(data), "length of a value")
    raw = data[start:start + length]
    return (raw[:-1].decode() if kind == 0x02 else raw), start + length


def stored(whole):
    """The one form in which a signed object is stored."""
    kind = whole["t"].encode() + b"\0"
    out = b"\x02t\0" + struct.pack("<i", len(kind)) + kind
    for name in "bcs":
        out += b"\x05" + name.encode() + b"\0" + struct.pack("<i", len(whole[name])) + b"\0" + whole[name]
    return struct.pack("<i", len(out) + 5) + out + b"\0"


# --- Sealing ------------------------------------------------------------------------------------------------------------

def seal_open(key, context, sealed):
    need(len(sealed) >= HEADER + TAG and sealed[0] == HEADER, "header")
    derived = HKDF(hashes.SHA256(), 32, sealed[1:33], context).derive(key)
    cipher, prefix, plain = AESGCM(derived), sealed[33:40], b""
    for index, at in enumerate(range(0, len(sealed), SEGMENT)):
        segment, last = sealed[at:at + SEGMENT], at + SEGMENT >= len(sealed)
        body = segment[HEADER:] if index == 0 else segment
        try:
            plain += cipher.decrypt(prefix + u32(index) + bytes([last]), body, None)
        except (InvalidTag, ValueError) as error:
            raise Refused("sealed bytes") from error
    return plain


def unpad(padded):
    bare = padded.rstrip(b"\0")
    need(bare[-1:] == b"\x80", "padding")
    return bare[:-1]


class Reader:
    """Everything that one person holds keys for."""

    def __init__(self, world):
        self.parcels = [Parcel(given) for given in world["parcels"]]
        self.root = self._root(world["root_kit"])
        self.public = self.root.public_key().public_bytes_raw()
        self.realm = sha(lp(b"mv1/realm", self.public))[:16]
        need(self.realm.hex() == world["realm"], "the realm is not its root's")
        self.certificates, self.versions, self.keys, self.covered = {}, [], {}, {}
        self._certificates()
        self._own_root(world)
        self._scopes()
        self._journal()

    @staticmethod
    def _root(text):
        label, letters = text.split(":")
        raw = base64.b32decode(letters + "=" * (-len(letters) % 8))
        need(label == "ROOT1" and sha(raw[:-4])[:4] == raw[-4:], "the root kit")
        return ed25519.Ed25519PrivateKey.from_private_bytes(raw[:-4])

    def of(self, collection):
        return [parcel for parcel in self.parcels if parcel.collection == collection]

    def signed(self, parcel):
        """The body of a signed object, its kind and signer, once the signature holds."""
        whole = bson(parcel.body)
        need(list(whole) == ["t", "b", "c", "s"] and whole["t"] in KINDS[parcel.collection], "kind of a signed object")
        need(stored(whole) == parcel.body, "form of a signed object")
        public = self._key_of(whole["c"])
        self._verify(public, whole["t"], whole["b"], whole["s"])
        return bson(whole["b"]), whole

    def _key_of(self, certificate):
        if certificate == self.realm:
            return self.public
        need(certificate in self.certificates, "an unknown signer")
        return self.certificates[certificate]["sig"]

    def _verify(self, public, kind, body, signature):
        try:
            message = lp(b"mv1/sig", kind.encode(), self.realm) + sha(body)
            ed25519.Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
        except (InvalidSignature, ValueError) as error:
            raise Refused("a signature") from error

    def certificate(self, parcel):
        body, whole = self.signed(parcel)
        need(parcel.id == derived_id(b"mv1/id", b"certs", sha(whole["b"])), "id of a certificate")
        need(body["realm"] == self.realm and body["iss"] == whole["c"], "realm or issuer of a certificate")
        issuer = self.certificates.get(whole["c"])
        if whole["t"] == "certificate" and body["kind"] == "device":
            need(issuer and issuer["kind"] == "user", "a device is certified by its person")
            need(body["subject"] == derived_id(b"mv1/device", body["sig"]), "a device's id is its key's")
            self._verify(body["sig"], "device-claim", issuer["subject"], body["claim"])
        elif whole["t"] == "certificate" and body["role"] == "super_admin":
            need(whole["c"] == self.realm, "a super admin is certified by the root")
        return body

    def _certificates(self):
        waiting = self.of("certs")
        while waiting:
            known = [it for it in waiting if bson(it.body)["c"] in self.certificates or bson(it.body)["c"] == self.realm]
            need(known, "certificates whose chain does not end at the root")
            for parcel in known:
                self.certificates[parcel.id] = self.certificate(parcel)
            waiting = [parcel for parcel in waiting if parcel not in known]

    def slot(self, parcel, passphrase, account):
        it = bson(parcel.body)
        need(it["m"] >= 65536 and it["t"] >= 3 and it["p"] == 1, "cost of a slot")
        phrase = unicodedata.normalize("NFKC", passphrase).encode()
        stretched = hash_secret_raw(phrase, it["salt"], it["t"], it["m"], it["p"], 32, Type.ID, 19)
        cost = u32(it["m"]) + u32(it["t"]) + u32(it["p"])
        info = lp(b"mv1/slot", it["kind"].encode(), it["user"], cost)
        kek = HKDF(hashes.SHA256(), 32, it["salt"], info).derive(stretched + account)
        return it, seal_open(kek, lp(b"mv1/slot-body", it["user"], it["id"], u32(it["v"])), it["body"])

    def _own_root(self, world):
        (parcel,) = self.of("slots")
        it, root = self.slot(parcel, world["passphrase"], bytes.fromhex(world["account"]))
        part = lambda name: expand(root, lp(b"mv1/user", name, u32(it["v"])))
        sign = ed25519.Ed25519PrivateKey.from_private_bytes(part(b"sign")).public_key().public_bytes_raw()
        own = [(id, cert) for id, cert in self.certificates.items() if cert["subject"] == it["user"]]
        need(own and own[0][1]["sig"] == sign, "the opened root is not the certificate's")
        self.certificate_id, self.user = own[0][0], it["user"]
        wide = hashlib.shake_256(part(b"kem")).digest(96)
        self.kem = hpke.MLKEM768X25519PrivateKey(
            mlkem.MLKEM768PrivateKey.from_seed_bytes(wide[:64]), x25519.X25519PrivateKey.from_private_bytes(wide[64:]))

    def _scopes(self):
        self.versions = [self.signed(parcel)[0] for parcel in self.of("scope_keys")]
        grants = [bson(parcel.body) for parcel in self.of("grants")]
        for grant in [it for it in grants if it["k"] == "scope"] + [it for it in grants if it["k"] == "team"]:
            key = self.grant(grant)
            if key:
                self.keys.setdefault(grant["subject"], []).append(key)

    def grant(self, it):
        """The key in a grant to this person or their team, once a signed version commits to it."""
        subject, version = it["subject"], u32(it["v"])
        if it["k"] == "scope" and it["to"] == self.certificate_id:
            info = lp(b"mv1/grant", self.realm, subject, version, it["to"])
            suite = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)
            try:
                key = suite.decrypt(it["enc"] + it["ct"], self.kem, info)
            except (InvalidTag, ValueError) as error:
                raise Refused("a grant") from error
        elif it["k"] == "team":
            context = lp(b"mv1/team-grant", self.realm, subject, version, it["to"], it["kid"])
            team = [key for key, commit in self.keys.get(it["to"], []) if commit[:4] == it["kid"]]
            need(team, "the team's key")
            key = seal_open(team[0], context, it["ct"])
        else:
            return None
        commit = expand(key, lp(b"mv1/commit", subject, version))
        signed = [v for v in self.versions if v["scope"] == subject and v["v"] == it["v"] and v["commit"] == commit]
        need(signed, "a grant with a key that nobody signed for")
        return key, commit

    def entry(self, parcel, previous):
        body, whole = self.signed(parcel)
        certificate = self.certificates[whole["c"]]
        need(certificate["kind"] == "device" and certificate["subject"] == body["d"], "a journal of another device")
        need(parcel.id == derived_id(b"mv1/journal-id", body["d"], u64(body["n"])), "id of a journal entry")
        need(body["p"] == (sha(previous["b"] + previous["s"]) if previous else bytes(32)), "link of a journal")
        return body, whole

    def _journal(self):
        numbered = sorted(self.of("journal"), key=lambda parcel: bson(bson(parcel.body)["b"])["n"])
        previous = None
        for number, parcel in enumerate(numbered, 1):
            body, previous = self.entry(parcel, previous)
            need(body["n"] == number, "a gap in a journal")
            for write in body["w"]:
                self.covered[(write["c"], write["i"], write["s"])] = write["h"]

    def digest(self, parcel):
        head = lp(b"mv1/doc", parcel.collection.encode(), parcel.id, parcel.stamp)
        if parcel.collection in KINDS:
            whole = bson(parcel.body)
            return sha(head + lp(sha(whole["b"]), whole["c"], whole["s"]))
        return sha(head + lp(b"body", sha(parcel.body)))

    def check_covered(self, parcel):
        need(self.covered.get((parcel.collection, parcel.id, parcel.stamp)) == self.digest(parcel), "not in a journal")

    def document(self, parcel):
        """The values of a sealed document; for a statement, once its author's signature holds."""
        need(parcel.body[0] == 1, "format of a sealed value")
        kid = parcel.body[1:5]
        fitting = [key for key, commit in self.keys.get(parcel.scope, []) if commit[:4] == kid]
        need(fitting, "no key of the scope has this name")
        context = lp(b"mv1/field", self.realm, parcel.scope, kid, parcel.collection.encode(), parcel.id, b"body", parcel.stamp)
        inside = bson(unpad(seal_open(fitting[0], context, parcel.body[5:])))
        if parcel.collection not in STATEMENTS:
            need(max(it["s"] for it in inside["stamps"]) == parcel.stamp, "the newest stamp")
            return inside["values"]
        self._verify(self._key_of(inside["c"]), STATEMENTS[parcel.collection], inside["b"], inside["s"])
        body = bson(inside["b"])
        place = (body["type"], body["id"], body["scope"], body["stamp"], body["author"])
        author = self.certificates[inside["c"]]["subject"]
        need(place == (STATEMENTS[parcel.collection], parcel.id, parcel.scope, parcel.stamp, author), "place of a statement")
        return body["values"]

    def file(self, reference, sealed):
        raw = lambda text: base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        need(len(sealed) == reference["cipher_length"], "length of a file")
        need(sha(sealed).hex() == reference["cipher_sha256"], "digest of a file")
        blob = uuid.UUID(reference["blob"]).bytes
        plain = seal_open(raw(reference["key"]), lp(b"mv1/blob", self.realm, blob), sealed)[:reference["length"]]
        need(sha(plain).hex() == reference["sha256"], "digest of a file's content")
        return plain

    def check(self, parcel):
        """Everything that a reader asks of one parcel."""
        self.check_covered(parcel)
        if parcel.collection == "certs":
            return self.certificate(parcel)
        if parcel.collection == "scope_keys":
            return self.signed(parcel)[0]
        if parcel.collection in ("grants", "slots"):
            return bson(parcel.body)
        return self.document(parcel)


class Parcel:
    def __init__(self, given):
        self.collection = given["collection"]
        self.id, self.scope = uuid.UUID(given["id"]).bytes, uuid.UUID(given["scope"]).bytes
        self.stamp, self.body = bytes.fromhex(given["stamp"]), bytes.fromhex(given["body"])

    def altered(self):
        """This parcel with one thing changed, in every way that the remote could."""
        step = max(1, len(self.body) // 40)
        for at in range(0, len(self.body), step):
            yield self._with(body=self.body[:at] + bytes([self.body[at] ^ 1]) + self.body[at + 1:])
        yield self._with(body=self.body[:-1])
        yield self._with(body=self.body + b"\0")
        yield self._with(id=bytes(16))
        yield self._with(stamp=bytes([9]) * 16)
        yield self._with(collection="doctors")

    def _with(self, **changes):
        other = object.__new__(Parcel)
        other.__dict__.update(self.__dict__, **changes)
        return other


def refused(act):
    try:
        act()
    except (Refused, KeyError, IndexError, ValueError, struct.error):
        return True
    return False


def main(path):
    with open(path, encoding="utf-8") as file:
        world = json.load(file)
    reader, read, tampered = Reader(world), {}, 0
    for parcel in reader.parcels:
        if parcel.collection == "journal":
            continue
        read.setdefault(parcel.collection, []).append(reader.check(parcel))
        for altered in parcel.altered():
            need(refused(lambda: reader.check(altered)), f"an altered parcel of {parcel.collection} was accepted")
            tampered += 1
    for parcel in reader.of("journal"):
        for altered in list(parcel.altered())[:-3]:
            need(refused(lambda: reader.signed(altered)), "an altered journal entry was accepted")
            tampered += 1
    # Inside the seal too: the same bytes do not open in another scope, and without the digest of the journal before them.
    for parcel in [it for it in reader.parcels if it.collection in ("patients", "medical_records")]:
        for changes in ({"scope": reader.realm}, {"id": bytes(16)}, {"stamp": bytes([9]) * 16}, {"collection": "notes"}):
            need(refused(lambda: reader.document(parcel._with(**changes))), f"{list(changes)} is not bound")
            tampered += 1
    (slot,) = reader.of("slots")
    need(refused(lambda: reader.slot(slot, world["passphrase"] + "x", bytes.fromhex(world["account"]))), "any passphrase opens")
    need(refused(lambda: reader.slot(slot, world["passphrase"], bytes(32))), "the slot opens without the account secret")
    files = []
    for given in world["files"]:
        sealed = b"".join(base64.b64decode(segment) for segment in given["segments"])
        files.append(sha(reader.file(given["reference"], sealed)).hex())
        for at in (0, 1, 40, len(sealed) // 2, len(sealed) - 1):
            wrong = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1:]
            resealed = dict(given["reference"], cipher_sha256=sha(wrong).hex())
            need(refused(lambda: reader.file(resealed, wrong)), "an altered file was accepted")
            tampered += 1
    tokens = 0
    for given in world["tokens"]:
        ((key, _),) = reader.keys[reader.realm]
        index = expand(key, lp(b"mv1/index", reader.realm, u32(given["epoch"])))
        token = hmac.digest(index, lp(given["kind"].encode(), given["normal"].encode()), "sha256")[:16]
        need((u32(given["epoch"]) + token).hex() == given["token"], "an equality token")
        tokens += 1
    json.dump({"read": {name: len(all) for name, all in read.items()}, "entries": len(reader.of("journal")),
               "patients": read["patients"], "records": read["medical_records"], "files": files, "tokens": tokens,
               "tampered": tampered}, sys.stdout, default=lambda value: value.hex())


if __name__ == "__main__":
    main(sys.argv[1])
