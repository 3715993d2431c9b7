//! The life of a share, counted.
#![allow(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;
use share::tally::{Dead, Decision, LinkState, Passcode, Standing, check_passcode, decide, hash_passcode};

fn with_passcode(wrong_left: u32) -> LinkState {
    LinkState { passcode_hash: Some("a hash".into()), wrong_left, ..LinkState::default() }
}

#[test]
fn uses_are_counted_to_their_end() {
    let mut state = LinkState { max_uses: Some(2), ..LinkState::default() };
    let seen: Vec<Decision> = (0..4).map(|_| decide(&mut state, 0, Passcode::Missing)).collect();
    assert_eq!(
        seen,
        [Decision::Serve, Decision::Serve, Decision::Gone(Dead::Exhausted), Decision::Gone(Dead::Exhausted)]
    );
    assert_eq!(state.uses, 2);
}

#[test]
fn an_overdraft_from_offline_openings_stays_dead() {
    let mut state = LinkState { max_uses: Some(2), uses: 5, ..LinkState::default() };
    assert_eq!(decide(&mut state, 0, Passcode::Missing), Decision::Gone(Dead::Exhausted));
    assert_eq!(state.uses, 5);
}

#[test]
fn the_end_and_the_owner_decide() {
    let state = |standing| LinkState { standing, expires: Some(100), ..LinkState::default() };
    assert_eq!(decide(&mut state(Standing::Active), 99, Passcode::Missing), Decision::Serve);
    assert_eq!(decide(&mut state(Standing::Active), 100, Passcode::Missing), Decision::Gone(Dead::Expired));
    assert_eq!(decide(&mut state(Standing::Paused), 0, Passcode::Missing), Decision::Gone(Dead::Paused));
    assert_eq!(decide(&mut state(Standing::Revoked), 0, Passcode::Missing), Decision::Gone(Dead::Revoked));
}

#[test]
fn wrong_passcodes_have_a_budget_for_life() {
    let mut state = with_passcode(2);
    assert_eq!(decide(&mut state, 0, Passcode::Missing), Decision::WrongPasscode { remaining: 2 });
    assert_eq!(decide(&mut state, 0, Passcode::Wrong), Decision::WrongPasscode { remaining: 1 });
    assert_eq!(decide(&mut state, 0, Passcode::Right), Decision::Serve);
    assert_eq!(decide(&mut state, 0, Passcode::Wrong), Decision::WrongPasscode { remaining: 0 });
    assert_eq!(decide(&mut state, 0, Passcode::Right), Decision::Gone(Dead::Disabled));
    assert_eq!(state.uses, 1);
}

#[test]
fn a_passcode_is_hashed_slowly_and_compared() {
    let hash = hash_passcode(" 4711 ").unwrap();
    assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
    assert_ne!(hash, hash_passcode("4711").unwrap(), "salted");
    assert_eq!(check_passcode(&hash, Some("4711")).unwrap(), Passcode::Right);
    assert_eq!(check_passcode(&hash, Some("4712")).unwrap(), Passcode::Wrong);
    assert_eq!(check_passcode(&hash, Some(&"4".repeat(10_000))).unwrap(), Passcode::Wrong);
    assert_eq!(check_passcode(&hash, Some("  ")).unwrap(), Passcode::Missing);
    assert_eq!(check_passcode(&hash, None).unwrap(), Passcode::Missing);
    assert_eq!(hash_passcode(" ").unwrap_err().code(), "bad_passcode");
    assert_eq!(hash_passcode(&"x".repeat(129)).unwrap_err().code(), "bad_passcode");
}

#[test]
fn stored_hashes_that_are_not_ours_are_refused_before_they_cost_anything() {
    let hash = hash_passcode("4711").unwrap();
    for bad in [
        String::new(),
        "4711".into(),
        hash.replace("m=19456", "m=4000000"),
        hash.replace("t=2", "t=4000000"),
        hash.replace("argon2id", "argon2i"),
        hash.rsplit_once('$').unwrap().0.to_owned(),
    ] {
        assert_eq!(check_passcode(&bad, Some("4711")).unwrap_err().code(), "damaged_passcode", "{bad}");
    }
}

#[test]
fn a_state_survives_storage() {
    let state = LinkState {
        standing: Standing::Paused,
        expires: Some(7),
        max_uses: Some(3),
        uses: 1,
        passcode_hash: Some("h".into()),
        wrong_left: 4,
    };
    let text = serde_json::to_string(&state).unwrap();
    assert_eq!(text, r#"{"standing":"paused","expires":7,"max_uses":3,"uses":1,"passcode_hash":"h","wrong_left":4}"#);
    assert_eq!(serde_json::from_str::<LinkState>(&text).unwrap(), state);
}

proptest! {
    #[test]
    fn no_order_of_requests_passes_a_budget(asks in prop::collection::vec(0..3u8, 0..60), max in 0..6u32, wrong in 0..6u32) {
        let mut state = LinkState { max_uses: Some(max), ..with_passcode(wrong) };
        let mut served = 0;
        let mut refused = 0;
        for ask in asks {
            let passcode = [Passcode::Missing, Passcode::Wrong, Passcode::Right][usize::from(ask)];
            match decide(&mut state, 0, passcode) {
                Decision::Serve => served += 1,
                Decision::WrongPasscode { .. } if passcode == Passcode::Wrong => refused += 1,
                _ => {}
            }
        }
        prop_assert!(served <= max && refused <= wrong);
        prop_assert_eq!((state.uses, state.wrong_left), (served, wrong - refused));
    }
}
