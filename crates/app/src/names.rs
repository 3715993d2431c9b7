//! Names of people and devices: initials, and who wrote what.

use crate::Session;
use model::User;
use uuid::Uuid;

/// At most two letters: the first of the first and of the last word, titles left out.
pub fn initials(name: &str) -> String {
    const TITLES: &[&str] = &["dr", "prof", "mr", "mrs", "ms", "miss", "mme", "mlle", "m"];
    let is_title = |word: &str| TITLES.contains(&word.trim_end_matches('.').to_lowercase().as_str());
    let named = name.split_whitespace().filter(|word| !is_title(word));
    let mut words = named.filter_map(|word| word.chars().find(|letter| letter.is_alphabetic()));
    let first = words.next();
    let last = words.next_back();
    first.into_iter().chain(last).flat_map(char::to_uppercase).collect()
}

/// The name of a member; `None` where the directory does not know them.
pub fn of_user(session: &Session, user: Uuid) -> Option<String> {
    session.vault.get::<User>(user).ok().flatten().map(|row| row.value.name)
}

/// Eight letters that tell a device from others, in messages and on screens: the random end of its id.
pub fn of_device(device: Uuid) -> String {
    let id = device.simple().to_string().to_uppercase();
    format!("{}-{}", &id[24..28], &id[28..])
}

#[cfg(test)]
mod tests {
    #[test]
    fn initials_are_the_first_letters_of_the_first_and_last_word() {
        let all = ["Dr. Maria Okafor", "Ngozi", "  jean  de la tour ", "", "李 小龍", "42 Ada"];
        let got: Vec<String> = all.iter().map(|name| super::initials(name)).collect();
        assert_eq!(got, ["MO", "N", "JT", "", "李小", "A"]);
    }
}
