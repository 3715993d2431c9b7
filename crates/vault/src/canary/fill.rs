//! Makes values of any collection by asking its own reader what it takes: every text is the marker, unless the reader wants an
//! id, an instant, a day or a stamp there.

use model::*;
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, MapAccess, SeqAccess, VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;
use serde_json::{Error, Value, json};
use std::cell::{Cell, RefCell};

pub(super) const MARKER: &str = "Zebracanary";
pub(super) const PHONE: &str = "+999555777111";
/// What is offered for a text, in this order, until the reader is content.
const OFFERS: [&str; 5] = [
    MARKER,
    "00000000-0000-4000-8000-00000000ca4a",
    "2026-03-13T08:00:00.000Z",
    "2026-03-13",
    "000102030405060708090a0b0c0d0e0f",
];

pub(super) fn is_marked(value: &Value) -> bool {
    value.to_string().contains(MARKER)
}

/// The values of a document; every file in it is the one given.
pub(super) fn values(def: &CollectionDef, file: &Value) -> Map {
    macro_rules! by_name {
        ($($name:ident),+ $(,)?) => {
            $(if def.name == $name::DEF.name { return made::<$name>(file); })+
        };
    }
    crate::shapes::each_collection!(by_name);
    panic!("{} is not filled: add it to the list above", def.name)
}

fn made<T: Collection>(file: &Value) -> Map {
    let filler = Filler { offers: RefCell::default(), at: Cell::default(), file };
    // The text that was offered last is the one that was refused.
    loop {
        filler.at.set(0);
        match T::deserialize(&filler) {
            Ok(value) => return serde_json::to_value(value).unwrap().as_object().unwrap().clone(),
            Err(error) => {
                let mut offers = filler.offers.borrow_mut();
                let refused = offers.get_mut(filler.at.get() - 1).expect("a text was offered");
                *refused += 1;
                assert!(*refused < OFFERS.len(), "{}: {error}", T::DEF.name);
            }
        }
    }
}

struct Filler<'a> {
    /// Which offer stands at each text, in the order in which they are read.
    offers: RefCell<Vec<usize>>,
    at: Cell<usize>,
    file: &'a Value,
}

impl Filler<'_> {
    fn text(&self) -> &'static str {
        let (mut offers, at) = (self.offers.borrow_mut(), self.at.get());
        if offers.len() == at {
            offers.push(0);
        }
        self.at.set(at + 1);
        OFFERS[offers[at]]
    }
}

impl<'de> Deserializer<'de> for &Filler<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_str(self.text())
    }
    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_bool(false)
    }
    fn deserialize_u8<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_u8(1)
    }
    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_u32(1)
    }
    fn deserialize_i32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_i32(1)
    }
    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_f64(1.5)
    }
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }
    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }
    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_seq(Once(Some(self)))
    }
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match name {
            "BlobRef" => self.file.clone().deserialize_struct(name, fields, visitor),
            _ => visitor.visit_map(Fields { filler: self, names: fields.iter() }),
        }
    }
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_enum(First { filler: self, name: variants[0] })
    }

    forward_to_deserialize_any! {
        i8 i16 i64 i128 u16 u64 u128 f32 char str string bytes byte_buf unit unit_struct tuple tuple_struct map identifier
        ignored_any
    }
}

/// One element.
struct Once<'f, 'a>(Option<&'f Filler<'a>>);

impl<'de> SeqAccess<'de> for Once<'_, '_> {
    type Error = Error;
    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        self.0.take().map(|filler| seed.deserialize(filler)).transpose()
    }
}

/// Every field of a struct.
struct Fields<'f, 'a> {
    filler: &'f Filler<'a>,
    names: std::slice::Iter<'static, &'static str>,
}

impl<'de> MapAccess<'de> for Fields<'_, '_> {
    type Error = Error;
    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        self.names.next().map(|name| seed.deserialize((*name).into_deserializer())).transpose()
    }
    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        seed.deserialize(self.filler)
    }
}

/// The first variant of an enum.
struct First<'f, 'a> {
    filler: &'f Filler<'a>,
    name: &'static str,
}

impl<'de, 'f, 'a> EnumAccess<'de> for First<'f, 'a> {
    type Error = Error;
    type Variant = &'f Filler<'a>;
    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self::Variant), Error> {
        Ok((seed.deserialize(self.name.into_deserializer())?, self.filler))
    }
}

impl<'de> VariantAccess<'de> for &Filler<'_> {
    type Error = Error;
    fn unit_variant(self) -> Result<(), Error> {
        Ok(())
    }
    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Error> {
        seed.deserialize(self)
    }
    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_seq(Once(Some(self)))
    }
    fn struct_variant<V: Visitor<'de>>(self, fields: &'static [&'static str], visitor: V) -> Result<V::Value, Error> {
        visitor.visit_map(Fields { filler: self, names: fields.iter() })
    }
}

/// The filler itself: a text that must be an id is one, and all else is marked.
#[test]
fn every_text_that_may_is_the_marker() {
    let file =
        json!({"blob": OFFERS[1], "key": "", "length": 1, "cipher_length": 1, "cipher_sha256": "", "sha256": ""});
    let record = values(MedicalRecord::DEF, &file);
    assert_eq!(record["title"], json!(MARKER));
    assert!(Time::parse(record["origin"]["taken_in_at"].as_str().unwrap()).is_some());
}
