//! Reads the attributes.

use quote::ToTokens;
use syn::{Attribute, DeriveInput, Field, Ident, LitStr, meta::ParseNestedMeta, spanned::Spanned};

/// What `#[collection(…)]` says.
pub struct TableSaid {
    pub name: String,
    pub class: Ident,
    pub key: Ident,
    pub sync: Ident,
    pub identity: Vec<String>,
    pub indexes: Vec<IndexSaid>,
}

/// One `index(…)` or `unique(…)`.
pub struct IndexSaid {
    pub fields: Vec<String>,
    pub unique: bool,
}

impl TableSaid {
    pub fn read(input: &DeriveInput) -> syn::Result<Self> {
        let attr = the_one(&input.attrs, "collection", input)?;
        let (mut name, mut class, mut key, mut sync) = (None, None, None, None);
        let (mut identity, mut indexes) = (None, Vec::new());
        attr.parse_nested_meta(|meta| {
            let word = meta.path.get_ident().map(ToString::to_string).unwrap_or_default();
            match word.as_str() {
                "name" => once(&mut name, text(&meta)?, &meta),
                "class" => once(&mut class, meta.value()?.parse()?, &meta),
                "key" => once(&mut key, meta.value()?.parse()?, &meta),
                "sync" => once(&mut sync, meta.value()?.parse()?, &meta),
                "identity" => once(&mut identity, words(&meta)?, &meta),
                "index" | "unique" => {
                    indexes.push(IndexSaid { fields: words(&meta)?, unique: word == "unique" });
                    Ok(())
                }
                _ => Err(meta.error("unknown word")),
            }
        })?;
        let missing = |what: &str| syn::Error::new(attr.span(), format!("say the {what}"));
        Ok(TableSaid {
            name: name.ok_or_else(|| missing("name"))?,
            class: class.ok_or_else(|| missing("class"))?,
            key: key.ok_or_else(|| missing("key scope"))?,
            sync: sync.ok_or_else(|| missing("sync scope"))?,
            identity: identity.unwrap_or_default(),
            indexes,
        })
    }
}

/// What `#[field(…)]` says.
pub struct FieldSaid {
    pub sense: Ident,
    pub merge: Ident,
    pub group: Option<String>,
    pub blind: Option<String>,
    pub search: bool,
    pub from: Vec<String>,
}

impl FieldSaid {
    pub fn read(field: &Field) -> syn::Result<Self> {
        let attr = the_one(&field.attrs, "field", field)?;
        let (mut sense, mut merge, mut group, mut blind) = (None, None, None, None);
        let (mut search, mut from) = (None, None);
        attr.parse_nested_meta(|meta| {
            let word = meta.path.get_ident().map(ToString::to_string).unwrap_or_default();
            let variant = |name: &str| Ident::new(name, meta.path.span());
            match word.as_str() {
                "clear" => once(&mut sense, variant("Clear"), &meta),
                "sealed" => once(&mut sense, variant("Sealed"), &meta),
                "local" => once(&mut sense, variant("Local"), &meta),
                "keep" => once(&mut merge, variant("Keep"), &meta),
                "latest" => once(&mut merge, variant("Latest"), &meta),
                "union" => once(&mut merge, variant("Union"), &meta),
                "rise" => once(&mut merge, variant("Rise"), &meta),
                "fork" => once(&mut merge, variant("Fork"), &meta),
                "search" => once(&mut search, (), &meta),
                "group" => once(&mut group, text(&meta)?, &meta),
                "blind" => once(&mut blind, text(&meta)?, &meta),
                "from" => once(&mut from, words(&meta)?, &meta),
                _ => Err(meta.error("unknown word")),
            }
        })?;
        let sense = sense.ok_or_else(|| syn::Error::new_spanned(field, "say clear, sealed or local"))?;
        let merge = merge.ok_or_else(|| syn::Error::new_spanned(field, "say keep, latest, union, rise or fork"))?;
        Ok(FieldSaid { sense, merge, group, blind, search: search.is_some(), from: from.unwrap_or_default() })
    }
}

/// Sealed and clear, or two merges, in one field would mean that nobody decided.
fn once<T>(said: &mut Option<T>, value: T, meta: &ParseNestedMeta<'_>) -> syn::Result<()> {
    match said.replace(value) {
        None => Ok(()),
        Some(_) => Err(meta.error("said twice")),
    }
}

fn text(meta: &ParseNestedMeta<'_>) -> syn::Result<String> {
    Ok(meta.value()?.parse::<LitStr>()?.value())
}

fn the_one<'a>(attrs: &'a [Attribute], name: &str, at: &impl ToTokens) -> syn::Result<&'a Attribute> {
    let missing = || syn::Error::new_spanned(at, format!("#[{name}(…)] is missing"));
    attrs.iter().find(|attr| attr.path().is_ident(name)).ok_or_else(missing)
}

/// `(a, b)` or `("a", "b")` as texts.
fn words(meta: &ParseNestedMeta<'_>) -> syn::Result<Vec<String>> {
    let content;
    syn::parenthesized!(content in meta.input);
    let mut out = Vec::new();
    while !content.is_empty() {
        let word = if content.peek(LitStr) {
            content.parse::<LitStr>()?.value()
        } else {
            content.parse::<Ident>()?.to_string()
        };
        out.push(word);
        if !content.is_empty() {
            content.parse::<syn::Token![,]>()?;
        }
    }
    Ok(out)
}
