//! Enumerations that are text on the wire and in the database.

/// A value that is not one of an enumeration's texts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not one of: {allowed}")]
pub struct UnknownText {
    /// The texts that are allowed, separated by commas.
    pub allowed: String,
}

/// Declares an enum with one stable text per variant: serde, `Display`, `FromStr`, `ALL`, an OpenAPI schema and, with the
/// feature `diesel`, a TEXT column. A new state needs a CHECK constraint changed, never an `ALTER TYPE`.
///
/// The calling crate depends on `serde` and `utoipa` (and `diesel` with the feature on).
#[cfg(not(feature = "diesel"))]
#[macro_export]
macro_rules! text_enum {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$vmeta:meta])* $variant:ident => $text:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, ::serde::Serialize, ::serde::Deserialize, ::utoipa::ToSchema)]
        pub enum $name { $($(#[$vmeta])* #[serde(rename = $text)] $variant),+ }
        $crate::__text_enum_impls!($name { $($variant => $text),+ });
    };
}

/// Declares an enum with one stable text per variant: serde, `Display`, `FromStr`, `ALL`, an OpenAPI schema and, with the
/// feature `diesel`, a TEXT column. A new state needs a CHECK constraint changed, never an `ALTER TYPE`.
///
/// The calling crate depends on `serde`, `utoipa` and `diesel`.
#[cfg(feature = "diesel")]
#[macro_export]
macro_rules! text_enum {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$vmeta:meta])* $variant:ident => $text:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, ::serde::Serialize, ::serde::Deserialize, ::utoipa::ToSchema,
                 ::diesel::expression::AsExpression, ::diesel::deserialize::FromSqlRow)]
        #[diesel(sql_type = ::diesel::sql_types::Text)]
        pub enum $name { $($(#[$vmeta])* #[serde(rename = $text)] $variant),+ }
        $crate::__text_enum_impls!($name { $($variant => $text),+ });

        impl ::diesel::serialize::ToSql<::diesel::sql_types::Text, ::diesel::pg::Pg> for $name {
            fn to_sql<'b>(&'b self, out: &mut ::diesel::serialize::Output<'b, '_, ::diesel::pg::Pg>) -> ::diesel::serialize::Result {
                <str as ::diesel::serialize::ToSql<::diesel::sql_types::Text, ::diesel::pg::Pg>>::to_sql(self.as_str(), out)
            }
        }

        impl ::diesel::deserialize::FromSql<::diesel::sql_types::Text, ::diesel::pg::Pg> for $name {
            fn from_sql(bytes: ::diesel::pg::PgValue<'_>) -> ::diesel::deserialize::Result<Self> {
                let text = <String as ::diesel::deserialize::FromSql<::diesel::sql_types::Text, ::diesel::pg::Pg>>::from_sql(bytes)?;
                Ok(text.parse()?)
            }
        }
    };
}

/// The part of [`text_enum!`] that does not depend on the feature `diesel`.
#[doc(hidden)]
#[macro_export]
macro_rules! __text_enum_impls {
    ($name:ident { $($variant:ident => $text:literal),+ }) => {
        impl $name {
            /// Every variant, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stable text on the wire and in the database.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::UnknownText;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($text => Ok(Self::$variant),)+
                    _ => Err($crate::UnknownText { allowed: [$($text),+].join(", ") }),
                }
            }
        }
    };
}
