//! Project Wycheproof, through `ring` in the way this room uses it, and through this room's own functions where a case has
//! their shape. The least numbers of cases are those that a full set gives, so that a shorter one fails.

use crate::{Key, kdf};
use ring::aead::{AES_128_GCM, AES_256_GCM, Aad, Algorithm, LessSafeKey, Nonce, UnboundKey};
use ring::signature::{ED25519, UnparsedPublicKey};
use ring::{hkdf, hmac};
use wycheproof::TestResult;

fn holds(result: TestResult) -> bool {
    match result {
        TestResult::Valid => true,
        TestResult::Invalid => false,
        TestResult::Acceptable => panic!("no algorithm here has cases that may go either way"),
    }
}

/// What the cipher opens; `None` when it refuses.
fn open(algorithm: &'static Algorithm, key: &[u8], nonce: [u8; 12], aad: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    let key = LessSafeKey::new(UnboundKey::new(algorithm, key).unwrap());
    let mut bytes = sealed.to_vec();
    key.open_in_place(Nonce::assume_unique_for_key(nonce), Aad::from(aad), &mut bytes).ok().map(|plain| plain.to_vec())
}

fn seal(algorithm: &'static Algorithm, key: &[u8], nonce: [u8; 12], aad: &[u8], plain: &[u8]) -> Vec<u8> {
    let key = LessSafeKey::new(UnboundKey::new(algorithm, key).unwrap());
    let mut bytes = plain.to_vec();
    key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(aad), &mut bytes).unwrap();
    bytes
}

#[test]
fn aes_gcm() {
    let set = wycheproof::aead::TestSet::load(wycheproof::aead::TestName::AesGcm).unwrap();
    let (mut run, mut of_ours) = (0, 0);
    for group in set.test_groups.iter().filter(|group| group.nonce_size == 96 && group.key_size != 192) {
        let algorithm = if group.key_size == 256 { &AES_256_GCM } else { &AES_128_GCM };
        for case in &group.tests {
            let nonce = case.nonce.as_ref().try_into().unwrap();
            let sealed = [case.ct.as_ref(), case.tag.as_ref()].concat();
            let opened = open(algorithm, &case.key, nonce, &case.aad, &sealed);
            match holds(case.result) {
                true => {
                    assert_eq!(opened.as_deref(), Some(case.pt.as_ref()), "case {}", case.tc_id);
                    assert_eq!(seal(algorithm, &case.key, nonce, &case.aad, &case.pt), sealed, "case {}", case.tc_id);
                }
                false => assert_eq!(opened, None, "case {}", case.tc_id),
            }
            run += 1;
            of_ours += usize::from(group.key_size == 256);
        }
    }
    assert!(run >= 133 && of_ours >= 66, "{run} cases, {of_ours} of AES-256");
}

#[test]
fn ed25519() {
    let set = wycheproof::eddsa::TestSet::load(wycheproof::eddsa::TestName::Ed25519).unwrap();
    let mut run = 0;
    for group in &set.test_groups {
        let public = UnparsedPublicKey::new(&ED25519, &group.key.pk);
        for case in &group.tests {
            assert_eq!(public.verify(&case.msg, &case.sig).is_ok(), holds(case.result), "case {}", case.tc_id);
            run += 1;
        }
    }
    assert!(run >= 151, "{run} cases");
}

#[test]
fn hkdf_sha_256() {
    let set = wycheproof::hkdf::TestSet::load(wycheproof::hkdf::TestName::HkdfSha256).unwrap();
    let (mut run, mut through_ours) = (0, 0);
    for case in set.test_groups.iter().flat_map(|group| &group.tests) {
        let mut okm = vec![0; case.size];
        let prk = hkdf::Salt::new(hkdf::HKDF_SHA256, &case.salt).extract(&case.ikm);
        let made = prk.expand(&[&case.info], Bytes(case.size)).and_then(|out| out.fill(&mut okm)).is_ok();
        assert_eq!(made, holds(case.result), "case {}", case.tc_id);
        if made {
            assert_eq!(okm, case.okm.as_ref(), "case {}", case.tc_id);
            // Ours gives 32 bytes: the beginning of every longer output.
            let ours = kdf::derive(&case.ikm, &case.salt, &case.info);
            let common = case.size.min(32);
            assert_eq!(ours.expose()[..common], case.okm[..common], "case {}", case.tc_id);
            through_ours += 1;
        }
        run += 1;
    }
    assert!(run >= 86 && through_ours >= 80, "{run} cases, {through_ours} through `derive`");
}

struct Bytes(usize);

impl hkdf::KeyType for Bytes {
    fn len(&self) -> usize {
        self.0
    }
}

#[test]
fn hmac_sha_256() {
    let set = wycheproof::mac::TestSet::load(wycheproof::mac::TestName::HmacSha256).unwrap();
    let (mut run, mut through_ours) = (0, 0);
    for group in &set.test_groups {
        for case in &group.tests {
            let whole = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &case.key), &case.msg);
            let length = group.tag_size / 8;
            assert_eq!(whole.as_ref()[..length] == *case.tag, holds(case.result), "case {}", case.tc_id);
            if let Ok(key) = Key::from_slice(&case.key) {
                assert_eq!(kdf::mac(&key, &case.msg)[..length] == *case.tag, holds(case.result), "case {}", case.tc_id);
                through_ours += 1;
            }
            run += 1;
        }
    }
    assert!(run >= 174 && through_ours >= 100, "{run} cases, {through_ours} through `mac`");
}

/// The curve lies inside X-Wing, which takes it from this crate; a share that gives zero is for X-Wing to judge.
#[test]
fn x25519() {
    let set = wycheproof::xdh::TestSet::load(wycheproof::xdh::TestName::X25519).unwrap();
    let mut run = 0;
    for case in set.test_groups.iter().flat_map(|group| &group.tests) {
        let (secret, public): ([u8; 32], [u8; 32]) =
            (case.private_key.as_ref().try_into().unwrap(), case.public_key.as_ref().try_into().unwrap());
        assert_eq!(x25519_dalek::x25519(secret, public), case.shared_secret.as_ref(), "case {}", case.tc_id);
        run += 1;
    }
    assert!(run >= 518, "{run} cases");
}
