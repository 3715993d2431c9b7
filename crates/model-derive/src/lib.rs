//! `#[derive(Collection)]`: writes down as constants what a collection's struct says. It transcribes and decides nothing.
//!
//! ```text
//! #[derive(Collection, Serialize, Deserialize)]
//! #[collection(name = "doctor_notes", class = Statement, key = Chart, sync = Chart, index(doctor_id, patient_id, created_at))]
//! pub struct DoctorNote {
//!     /// Who wrote it.
//!     #[field(sealed, keep, from("R:doctor_notes.doctor"))]
//!     pub doctor_id: Id<User>,
//! }
//! ```
//! A field that does not say what it means, its sense and its merge, each once, does not compile. Neither does a 64-bit
//! integer: it cannot reach TypeScript.

mod parse;
#[cfg(test)]
mod tests;

use parse::{FieldSaid, TableSaid};
use proc_macro::TokenStream;
use quote::quote;
use syn::{
    Attribute, Data, DeriveInput, Expr, ExprLit, Field, Fields, GenericArgument, Lit, Meta, PathArguments, Type,
    ext::IdentExt,
};

/// Derives `model::Collection` for a struct with named fields.
#[proc_macro_derive(Collection, attributes(collection, field))]
pub fn collection(input: TokenStream) -> TokenStream {
    let input = syn::parse_macro_input!(input as DeriveInput);
    expand(&input).unwrap_or_else(|error| error.to_compile_error()).into()
}

fn expand(input: &DeriveInput) -> syn::Result<proc_macro2::TokenStream> {
    let TableSaid { name, class, key, sync, identity, indexes } = TableSaid::read(input)?;
    let doc = doc_text(&input.attrs);
    let ident = &input.ident;
    let fields = named_fields(input)?.into_iter().map(field_tokens).collect::<syn::Result<Vec<_>>>()?;
    let indexes = indexes.iter().map(|index| {
        let (unique, fields) = (index.unique, &index.fields);
        quote!(model::IndexDef { fields: &[#(#fields),*], unique: #unique })
    });
    Ok(quote! {
        impl model::Collection for #ident {
            const DEF: &'static model::CollectionDef = &model::CollectionDef {
                name: #name,
                doc: #doc,
                class: model::Class::#class,
                key: model::Scope::#key,
                sync: model::Scope::#sync,
                fields: &[#(#fields),*],
                identity: &[#(#identity),*],
                indexes: &[#(#indexes),*],
            };
        }
    })
}

fn named_fields(input: &DeriveInput) -> syn::Result<Vec<&Field>> {
    match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => Ok(fields.named.iter().collect()),
            Fields::Unnamed(_) | Fields::Unit => Err(syn::Error::new_spanned(input, "a collection has named fields")),
        },
        Data::Enum(_) | Data::Union(_) => Err(syn::Error::new_spanned(input, "a collection is a struct")),
    }
}

fn field_tokens(field: &Field) -> syn::Result<proc_macro2::TokenStream> {
    let said = FieldSaid::read(field)?;
    let name = field.ident.as_ref().map(|ident| ident.unraw().to_string()).unwrap_or_default();
    let (kind, optional) = kind_of(&field.ty)?;
    let doc = doc_text(&field.attrs);
    if doc.is_empty() {
        return Err(syn::Error::new_spanned(field, "say in a doc comment what this field means"));
    }
    let FieldSaid { sense, merge, group, blind, search, from } = said;
    let (group, blind) = (option_tokens(group), option_tokens(blind));
    Ok(quote! {
        model::FieldDef {
            name: #name,
            doc: #doc,
            sense: model::Sense::#sense,
            merge: model::Merge::#merge,
            kind: #kind,
            optional: #optional,
            group: #group,
            blind: #blind,
            search: #search,
            from: &[#(#from),*],
        }
    })
}

fn option_tokens(text: Option<String>) -> proc_macro2::TokenStream {
    text.map_or_else(|| quote!(None), |text| quote!(Some(#text)))
}

/// The kind that a Rust type stands for, and whether it may be absent.
fn kind_of(ty: &Type) -> syn::Result<(proc_macro2::TokenStream, bool)> {
    let refused = |why: &str| syn::Error::new_spanned(ty, why);
    let Type::Path(path) = ty else { return Err(refused("a plain type is needed")) };
    let Some(last) = path.path.segments.last() else { return Err(refused("a plain type is needed")) };
    let inner = first_argument(&last.arguments);
    let kind = match (last.ident.to_string().as_str(), inner) {
        ("Option", Some(inner)) => return Ok((kind_of(inner)?.0, true)),
        ("Vec", Some(inner)) => {
            kind_of(inner)?;
            quote!(model::Kind::List)
        }
        ("Id", Some(of)) => {
            let of = quote!(#of).to_string();
            quote!(model::Kind::Id(#of))
        }
        (_, Some(_)) => return Err(refused("of types with arguments only Option, Vec and Id are known")),
        (name, None) => plain_kind(name).map_err(refused)?,
    };
    Ok((kind, false))
}

/// The kind of a type without arguments, or why there is none.
fn plain_kind(name: &str) -> Result<proc_macro2::TokenStream, &'static str> {
    Ok(match name {
        "String" | "Stamp" => quote!(model::Kind::Text),
        "bool" => quote!(model::Kind::Bool),
        "i8" | "i16" | "i32" | "u8" | "u16" | "u32" => quote!(model::Kind::Whole),
        "f64" => quote!(model::Kind::Real),
        "i64" | "u64" | "usize" | "isize" | "i128" | "u128" => {
            return Err("64-bit integers cannot reach TypeScript; use u32 or f64");
        }
        "Time" => quote!(model::Kind::Time),
        "Date" => quote!(model::Kind::Date),
        "Uuid" => quote!(model::Kind::Id("any document")),
        "BlobRef" => quote!(model::Kind::Blob),
        "Value" | "Origin" => quote!(model::Kind::Part),
        other if other.ends_with("Part") => quote!(model::Kind::Part),
        other if other.starts_with(char::is_uppercase) => quote!(model::Kind::Code),
        _ => return Err("no kind of field is known for this type"),
    })
}

fn first_argument(arguments: &PathArguments) -> Option<&Type> {
    let PathArguments::AngleBracketed(angle) = arguments else { return None };
    angle.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}

fn doc_text(attrs: &[Attribute]) -> String {
    let lines = attrs.iter().filter(|attr| attr.path().is_ident("doc")).filter_map(|attr| match &attr.meta {
        Meta::NameValue(pair) => match &pair.value {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value().trim().to_owned()),
            _ => None,
        },
        _ => None,
    });
    lines.collect::<Vec<_>>().join(" ").trim().to_owned()
}
