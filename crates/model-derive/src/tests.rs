//! What compiles, and what must not: the derive is asked directly, so that the reason is seen too.

use super::expand;
use proc_macro2::TokenStream;
use quote::quote;

fn derive(field: &TokenStream) -> Result<String, String> {
    derive_struct(&quote! {
        /// A note.
        #[collection(name = "notes", class = Statement, key = Chart, sync = Chart, index(patient_id))]
        struct Note { #field }
    })
}

fn derive_struct(input: &TokenStream) -> Result<String, String> {
    let input = syn::parse2(input.clone()).expect("a struct");
    expand(&input).map(|tokens| tokens.to_string()).map_err(|error| error.to_string())
}

#[track_caller]
fn refused(field: TokenStream, why: &str) {
    let error = derive(&field).expect_err("it must not compile");
    assert!(error.contains(why), "{error}");
}

#[test]
fn a_whole_field_is_transcribed() {
    let field = quote! {
        /// The note itself,
        /// in words.
        #[field(sealed, fork, group = "words", search, from("R:doctor_notes.note_text", "M:notes.text"))]
        r#type: Option<String>
    };
    let written = derive(&field).expect("it compiles");
    for part in [
        r#"name : "notes""#,
        r#"doc : "A note.""#,
        "class : model :: Class :: Statement",
        "key : model :: Scope :: Chart",
        r#"fields : & ["patient_id"] , unique : false"#,
        r#"name : "type""#,
        r#"doc : "The note itself, in words.""#,
        "sense : model :: Sense :: Sealed",
        "merge : model :: Merge :: Fork",
        "kind : model :: Kind :: Text",
        "optional : true",
        r#"group : Some ("words")"#,
        "blind : None",
        "search : true",
        r#"from : & ["R:doctor_notes.note_text" , "M:notes.text"]"#,
    ] {
        assert!(written.contains(part), "{part} is not in {written}");
    }
}

#[test]
fn a_field_must_say_its_sense() {
    refused(quote! { /** Words. */ #[field(fork)] text: String }, "say clear, sealed or local");
}

#[test]
fn a_field_must_say_its_merge() {
    refused(quote! { /** Words. */ #[field(sealed)] text: String }, "say keep, latest, union, rise or fork");
}

#[test]
fn a_field_must_say_either_only_once() {
    refused(quote! { /** Words. */ #[field(sealed, clear, fork)] text: String }, "said twice");
    refused(quote! { /** Words. */ #[field(sealed, fork, latest)] text: String }, "said twice");
}

#[test]
fn a_field_must_have_an_attribute() {
    refused(quote! { /** Words. */ text: String }, "#[field(…)] is missing");
}

#[test]
fn a_field_must_say_what_it_means() {
    refused(quote! { #[field(sealed, fork)] text: String }, "say in a doc comment");
}

#[test]
fn a_word_that_nobody_knows_is_refused() {
    refused(quote! { /** Words. */ #[field(sealed, fork, secret)] text: String }, "unknown word");
}

#[test]
fn numbers_that_cannot_reach_typescript_are_refused_wherever_they_hide() {
    for ty in [quote!(i64), quote!(u64), quote!(usize), quote!(Option<i64>), quote!(Vec<u64>), quote!(Option<Vec<i64>>)]
    {
        refused(
            quote! { /** How many. */ #[field(sealed, rise)] count: #ty },
            "64-bit integers cannot reach TypeScript",
        );
    }
}

#[test]
fn types_without_a_kind_are_refused() {
    for ty in [quote!(f32), quote!(char)] {
        refused(quote! { /** It. */ #[field(sealed, latest)] it: #ty }, "no kind of field");
    }
    refused(quote! { /** It. */ #[field(sealed, latest)] it: BTreeMap<String, String> }, "only Option, Vec and Id");
    refused(quote! { /** It. */ #[field(sealed, latest)] it: (u8, u8) }, "a plain type is needed");
}

#[test]
fn every_type_has_its_kind() {
    for (ty, kind) in [
        (quote!(String), "Text"),
        (quote!(crate::Stamp), "Text"),
        (quote!(bool), "Bool"),
        (quote!(u8), "Whole"),
        (quote!(i16), "Whole"),
        (quote!(f64), "Real"),
        (quote!(Time), "Time"),
        (quote!(Date), "Date"),
        (quote!(Id<User>), "Id (\"User\")"),
        (quote!(uuid::Uuid), "Id (\"any document\")"),
        (quote!(BlobRef), "Blob"),
        (quote!(Vec<Allergy>), "List"),
        (quote!(BmiPart), "Part"),
        (quote!(serde_json::Value), "Part"),
        (quote!(Gender), "Code"),
    ] {
        let written = derive(&quote! { /** It. */ #[field(sealed, latest)] it: #ty }).expect("it compiles");
        assert!(written.contains(&format!("kind : model :: Kind :: {kind} , optional : false")), "{kind}: {written}");
    }
}

#[test]
fn a_collection_must_say_who_may_read_it() {
    for (said, why) in [
        (quote!(class = Statement, key = Chart, sync = Chart), "say the name"),
        (quote!(name = "notes", key = Chart, sync = Chart), "say the class"),
        (quote!(name = "notes", class = Statement, sync = Chart), "say the key scope"),
        (quote!(name = "notes", class = Statement, key = Chart), "say the sync scope"),
        (quote!(name = "notes", class = Statement, key = Chart, key = Realm, sync = Chart), "said twice"),
        (quote!(name = "notes", class = Statement, key = Chart, sync = Chart, clear), "unknown word"),
    ] {
        let error = derive_struct(&quote! { #[collection(#said)] struct Note {} }).expect_err("it must not compile");
        assert!(error.contains(why), "{error}");
    }
}

#[test]
fn only_structs_with_named_fields_are_collections() {
    let said = quote!(#[collection(name = "notes", class = Statement, key = Chart, sync = Chart)]);
    for (shape, why) in [
        (quote!(#said struct Note(String);), "named fields"),
        (quote!(#said struct Note;), "named fields"),
        (quote!(#said enum Note { One }), "is a struct"),
        (
            quote!(
                struct Note {}
            ),
            "#[collection(…)] is missing",
        ),
    ] {
        let error = derive_struct(&shape).expect_err("it must not compile");
        assert!(error.contains(why), "{error}");
    }
}
