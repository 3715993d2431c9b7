"""A second check of a saved access log, written from what the file says of itself: signatures, chain, certificates up to the root.

Prints the names of those who looked as JSON; ends with an error as soon as anything does not fit.

    python access_log.py access-log.json
"""
import base64
import json
import sys
import uuid

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ed25519

from reader import Refused, bson, lp, need, sha, stored


def raw(text):
    return base64.b64decode(text, validate=True)


def key(text):
    return uuid.UUID(text).bytes


def verify(public, kind, realm, body, signature):
    try:
        message = lp(b"mv1/sig", kind.encode(), realm) + sha(body)
        ed25519.Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError) as error:
        raise Refused(f"a signature of kind {kind}") from error


def people(log, realm, root):
    """Public key and person of each certificate that leads to the root."""
    known, waiting = {realm: (root, None)}, [bson(raw(text)) for text in log["certificates"]]
    need(all(base64.b64encode(stored(one)).decode() in log["certificates"] for one in waiting), "form of a certificate")
    while waiting:
        ready = [one for one in waiting if one["c"] in known]
        need(ready, "certificates whose chain does not end at the root")
        for one in ready:
            verify(known[one["c"]][0], one["t"], realm, one["b"], one["s"])
            body = bson(one["b"])
            need((one["t"], body["kind"], body["realm"]) == ("certificate", "user", realm), "kind of a certificate")
            known[certificate_id(one["b"])] = (body["sig"], body["subject"])
        waiting = [one for one in waiting if one not in ready]
    return known


def certificate_id(body):
    out = bytearray(sha(lp(b"mv1/id", b"certs", sha(body)))[:16])
    out[6], out[8] = out[6] & 0x0F | 0x80, out[8] & 0x3F | 0x80
    return bytes(out)


def main(path):
    with open(path, "rb") as file:
        given = json.loads(file.read())
    log, seal = given["log"], given["seal"]
    realm, root = key(log["realm"]), raw(log["root"])
    need(sha(lp(b"mv1/realm", root))[:16] == realm, "the realm is not its root's")
    known = people(log, realm, root)
    minified = json.dumps(log, ensure_ascii=False, separators=(",", ":")).encode()
    verify(known[key(seal["certificate"])][0], "access-export", realm, minified, raw(seal["signature"]))
    link = bytes(32)
    for entry in log["entries"]:
        body, signature = raw(entry["body"]), raw(entry["signature"])
        public, person = known[key(entry["certificate"])]
        verify(public, "access", realm, body, signature)
        link = sha(link + body + signature)
        need(raw(entry["hash"]) == link, "the chain")
        signed = bson(body)
        place = (signed["id"], signed["author"], signed["scope"], signed["at"], signed["values"]["recipient"])
        read = (key(entry["id"]), key(entry["author"]), key(log["chart"]), entry["at_ms"], entry["values"]["recipient"])
        need(place == read and signed["author"] == person, "what can be read is what was signed")
    json.dump([entry["values"]["recipient"] for entry in log["entries"]], sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])
