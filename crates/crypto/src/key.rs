use crate::{Error, Result, random};
use subtle::ConstantTimeEq;
use zeroize::Zeroize;

/// A secret of 32 bytes, boxed so that moving it leaves no copy behind, and overwritten when dropped.
///
/// It cannot be printed, compared with `==`, serialised or cloned by accident; [`Key::duplicate`] makes the one
/// deliberate kind of copy.
pub struct Key(Box<[u8; 32]>);

impl Key {
    /// Draws a new key.
    ///
    /// # Errors
    /// [`Error::Random`] when the operating system gives no random bytes.
    pub fn make() -> Result<Self> {
        Self::fill_with(|bytes| random::fill(bytes))
    }

    /// Makes a key by writing its bytes into their final place.
    pub(crate) fn fill_with<E>(fill: impl FnOnce(&mut [u8; 32]) -> Result<(), E>) -> Result<Self, E> {
        let mut key = Self(Box::new([0; 32]));
        fill(&mut key.0)?;
        Ok(key)
    }

    /// Takes over the bytes of a key; the array passed in is overwritten.
    pub fn from_bytes(mut bytes: [u8; 32]) -> Self {
        let key = Self(Box::new(bytes));
        bytes.zeroize();
        key
    }

    /// Copies a key out of a longer-lived buffer.
    ///
    /// # Errors
    /// [`Error::BadForm`] unless the slice has exactly 32 bytes.
    pub fn from_slice(bytes: &[u8]) -> Result<Self> {
        if bytes.len() != 32 {
            return Err(Error::BadForm("a key has 32 bytes"));
        }
        Self::fill_with(|key| {
            key.copy_from_slice(bytes);
            Ok(())
        })
    }

    /// Gives the bytes of the key.
    ///
    /// For this room, and for the vault handing its database key to the cipher; nothing else may call it.
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    /// Makes a second copy, which is wiped on its own when dropped.
    pub fn duplicate(&self) -> Self {
        Self(self.0.clone())
    }

    /// Says whether two keys are equal, in constant time.
    pub fn same(&self, other: &Self) -> bool {
        self.0.ct_eq(other.0.as_slice()).into()
    }
}

impl Drop for Key {
    fn drop(&mut self) {
        self.0.as_mut_slice().zeroize();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_copied_whole_and_only_whole() {
        let key = Key::make().unwrap();
        assert!(key.same(&key.duplicate()));
        assert!(key.same(&Key::from_slice(key.expose()).unwrap()));
        assert!(!key.same(&Key::make().unwrap()));
        for length in [0, 31, 33] {
            assert!(matches!(Key::from_slice(&vec![1; length]), Err(Error::BadForm(_))));
        }
    }
}
