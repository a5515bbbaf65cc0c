//! A region code in JSON, in OpenAPI and in a TEXT column.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};

use super::RegionCode;

impl Serialize for RegionCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

struct CodeVisitor;

impl Visitor<'_> for CodeVisitor {
    type Value = RegionCode;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a region code of 2, 4, 6, 9 or 12 digits")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        // The problem code first: the HTTP layer answers with that problem.
        text.parse()
            .map_err(|error| E::custom(format_args!("invalid-region: {error}")))
    }
}

impl<'de> Deserialize<'de> for RegionCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(CodeVisitor)
    }
}

impl utoipa::PartialSchema for RegionCode {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some("Statistical region code 统计用区划代码: province 2, city 4, county 6, township 9, village 12 digits"))
            .pattern(Some("^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})$"))
            .examples(["620602"])
            .into()
    }
}

impl utoipa::ToSchema for RegionCode {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("RegionCode")
    }
}

#[cfg(feature = "diesel")]
mod column {
    use diesel::deserialize::{self, FromSql};
    use diesel::pg::{Pg, PgValue};
    use diesel::serialize::{self, Output, ToSql};
    use diesel::sql_types::Text;

    use super::RegionCode;

    impl ToSql<Text, Pg> for RegionCode {
        fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
            <str as ToSql<Text, Pg>>::to_sql(self.as_str(), out)
        }
    }

    impl FromSql<Text, Pg> for RegionCode {
        fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
            Ok(<String as FromSql<Text, Pg>>::from_sql(value)?.parse()?)
        }
    }
}
