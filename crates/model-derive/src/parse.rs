//! Reads the attributes.

use quote::ToTokens;
use syn::{Attribute, DeriveInput, Field, Ident, LitStr, meta::ParseNestedMeta, spanned::Spanned};

/// What `#[collection(…)]` says.
pub struct TableSaid {
    pub name: String,
    pub class: Ident,
    pub key: Ident,
    pub sync: Ident,
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
        let (mut name, mut class, mut key, mut sync, mut indexes) = (None, None, None, None, Vec::new());
        attr.parse_nested_meta(|meta| {
            if meta.path.is_ident("name") {
                name = Some(meta.value()?.parse::<LitStr>()?.value());
            } else if meta.path.is_ident("class") {
                class = Some(meta.value()?.parse::<Ident>()?);
            } else if meta.path.is_ident("key") {
                key = Some(meta.value()?.parse::<Ident>()?);
            } else if meta.path.is_ident("sync") {
                sync = Some(meta.value()?.parse::<Ident>()?);
            } else if meta.path.is_ident("index") || meta.path.is_ident("unique") {
                let unique = meta.path.is_ident("unique");
                indexes.push(IndexSaid { fields: words(&meta)?, unique });
            } else {
                return Err(meta.error("unknown word"));
            }
            Ok(())
        })?;
        let missing = |what: &str| syn::Error::new(attr.span(), format!("say the {what}"));
        Ok(TableSaid {
            name: name.ok_or_else(|| missing("name"))?,
            class: class.ok_or_else(|| missing("class"))?,
            key: key.ok_or_else(|| missing("key scope"))?,
            sync: sync.ok_or_else(|| missing("sync scope"))?,
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
        let (mut search, mut from) = (false, Vec::new());
        attr.parse_nested_meta(|meta| {
            let word = meta.path.get_ident().map(ToString::to_string).unwrap_or_default();
            match word.as_str() {
                "clear" => sense = Some(Ident::new("Clear", meta.path.span())),
                "sealed" => sense = Some(Ident::new("Sealed", meta.path.span())),
                "local" => sense = Some(Ident::new("Local", meta.path.span())),
                "keep" => merge = Some(Ident::new("Keep", meta.path.span())),
                "latest" => merge = Some(Ident::new("Latest", meta.path.span())),
                "union" => merge = Some(Ident::new("Union", meta.path.span())),
                "rise" => merge = Some(Ident::new("Rise", meta.path.span())),
                "fork" => merge = Some(Ident::new("Fork", meta.path.span())),
                "search" => search = true,
                "group" => group = Some(meta.value()?.parse::<LitStr>()?.value()),
                "blind" => blind = Some(meta.value()?.parse::<LitStr>()?.value()),
                "from" => from = words(&meta)?,
                _ => return Err(meta.error("unknown word")),
            }
            Ok(())
        })?;
        let sense = sense.ok_or_else(|| syn::Error::new_spanned(field, "say clear, sealed or local"))?;
        let merge = merge.ok_or_else(|| syn::Error::new_spanned(field, "say keep, latest, union, rise or fork"))?;
        Ok(FieldSaid { sense, merge, group, blind, search, from })
    }
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
        let word = if content.peek(LitStr) { content.parse::<LitStr>()?.value() } else { content.parse::<Ident>()?.to_string() };
        out.push(word);
        if !content.is_empty() {
            content.parse::<syn::Token![,]>()?;
        }
    }
    Ok(out)
}
