//! RFC 7520, section 5.6: direct encryption with a shared key. It uses A128GCM, which this test alone enables.
#![allow(clippy::unwrap_used, reason = "tests")]
use ring::aead::AES_128_GCM;

use super::*;

const KEY: &str = "XctOhJAkA-pD9Lh7ZgW_2A";
const TEXT: &str = concat!(
    "eyJhbGciOiJkaXIiLCJraWQiOiI3N2M3ZTJiOC02ZTEzLTQ1Y2YtODY3Mi02MTdiNWI0NTI0M2EiLCJlbmMiOiJBMTI4R0NNIn0..",
    "refa467QzzKx6QAB.",
    "JW_i_f52hww_ELQPGaYyeAB6HYGcR559l9TYnSovc23XJoBcW29rHP8yZOZG7YhLpT1bjFuvZPjQS-m0IFtVcXkZXdH_lr_FrdYt9HRUYkshtrMmIUAyGmUnd9zM",
    "DB2n0cRDIHAzFVeJUDxkUwVAE7_YGRPdcqMyiBoCO-FBdE-Nceb4h3-FtBP-c_BIwCPTjb9o0SbdcdREEMJMyZBH8ySWMVi1gPD9yxi-aQpGbSv_F9N4IZAxscj5",
    "g-NJsUPbjk29-s7LJAGb15wEBtXphVCgyy53CoIKLHHeJHXex45Uz9aKZSRSInZI-wjsY0yu3cT4_aQ3i1o-tiE-F8Ios61EKgyIQ4CWao8PFMj8TTnp",
    ".vbb32Xvllea2OtmHAdccRQ"
);
/// Figure 72 of the RFC; its dashes and quotation marks are typographic.
const PLAIN: &str = "You can trust us to stick with you through thick and thin\u{2013}to the bitter end. And you can trust us to keep \
    any secret of yours\u{2013}closer than you keep it yourself. But you cannot trust us to let you face trouble alone, and go off without \
    a word. We are your friends, Frodo.";

#[test]
fn rfc_7520_5_6_opens_with_its_cipher_and_is_refused_without() {
    let key = URL_SAFE_NO_PAD.decode(KEY).unwrap();
    let cipher = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &key).unwrap());
    let parts = Parts::of(TEXT).unwrap();
    let header = parts.read_header().unwrap();
    assert_eq!((header.alg.as_deref(), header.enc.as_deref()), (Some("dir"), Some("A128GCM")));
    let opened = Sealed::of(&parts).unwrap().open(&cipher, parts.header).unwrap();
    assert_eq!(std::str::from_utf8(&opened).unwrap(), PLAIN);

    let key = LinkKey::from_bytes([1u8; 32].into());
    assert!(matches!(decrypt(&key, TEXT, Limits::default()), Err(Error::ForeignEncryption(_))));
}
