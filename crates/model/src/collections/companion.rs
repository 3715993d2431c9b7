//! Conversations with AI characters.

use super::{codes::*, identity::*, parts::*};
use crate::{id::Id, when::Time};
use model_derive::Collection;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A character one may talk with; kept by admins.
#[derive(Clone, Debug, PartialEq, Collection, Serialize, Deserialize, TS)]
#[collection(name = "ai_characters", class = Mergeable, key = Realm, sync = Realm, index(is_active))]
pub struct AiCharacter {
    /// Name.
    #[field(sealed, fork, from("C:ai_characters.name"))]
    pub name: String,
    /// What it is for.
    #[field(sealed, latest, from("C:ai_characters.description"))]
    pub description: Option<String>,
    /// Traits and knowledge.
    #[field(sealed, latest, from("C:ai_characters.personality.traits", "C:ai_characters.personality.knowledge_base"))]
    pub personality: PersonalityPart,
    /// How the model is asked.
    #[field(
        sealed,
        latest,
        from(
            "C:ai_characters.ai_settings.temperature",
            "C:ai_characters.ai_settings.max_tokens",
            "C:ai_characters.ai_settings.model"
        )
    )]
    pub ai_settings: AiSettingsPart,
    /// May it be chosen?
    #[field(sealed, latest, from("C:ai_characters.is_active"))]
    pub is_active: bool,
    /// Picture.
    #[field(sealed, latest, from("C:ai_characters.avatar"))]
    pub avatar: Option<BlobRef>,
}

/// A conversation of one person with one character.
#[derive(Clone, Debug, PartialEq, Collection, Serialize, Deserialize, TS)]
#[collection(name = "conversations", class = Mergeable, key = User, sync = User, index(user_id))]
pub struct Conversation {
    /// Who talks.
    #[field(sealed, keep, from("C:conversations.user_id"))]
    pub user_id: Id<User>,
    /// With whom.
    #[field(sealed, keep, from("C:conversations.character_id"))]
    pub character_id: Id<AiCharacter>,
    /// What about.
    #[field(sealed, latest)]
    pub title: Option<String>,
    /// Records that the person lets the character read, revocably.
    #[field(sealed, union)]
    #[serde(default)]
    pub shared_records: Vec<LinkedRecord>,
}

/// One turn of a conversation.
#[derive(Clone, Debug, PartialEq, Collection, Serialize, Deserialize, TS)]
#[collection(
    name = "conversation_turns", class = Statement, key = User, sync = User,
    index(conversation_id, timestamp)
)]
pub struct ConversationTurn {
    /// Of which conversation.
    #[field(sealed, keep)]
    pub conversation_id: Id<Conversation>,
    /// Who spoke.
    #[field(sealed, keep, from("C:conversations.messages.sender"))]
    pub sender: Sender,
    /// The words.
    #[field(sealed, keep, from("C:conversations.messages.message"))]
    pub message: String,
    /// When.
    #[field(sealed, keep, from("C:conversations.messages.timestamp"))]
    pub timestamp: Time,
    /// Which model answered.
    #[field(sealed, keep)]
    pub model: Option<String>,
    /// Was the answer cut short by the person?
    #[field(sealed, keep)]
    pub stopped: bool,
}
