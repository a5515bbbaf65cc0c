//! The macro that keeps a section's struct, defaults and reference together.

/// Declares a configuration section: a strict struct, its defaults and `KEYS` for the reference.
///
/// `pub key: Type = default, "default as written in TOML";` The text may be `""` for a key that is unset by default.
/// The calling crate depends on `serde`.
#[macro_export]
macro_rules! config_section {
    ($(#[doc = $section_doc:literal])+ pub struct $name:ident in $path:literal {
        $( $(#[doc = $doc:literal])+ $(#[serde($($serde:tt)+)])? pub $key:ident: $ty:ty = $default:expr, $text:literal; )+
    }) => {
        $(#[doc = $section_doc])+
        #[derive(Debug, Clone, ::serde::Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub struct $name { $( $(#[doc = $doc])+ $(#[serde($($serde)+)])? pub $key: $ty, )+ }

        impl ::std::default::Default for $name {
            fn default() -> Self {
                Self { $( $key: $default, )+ }
            }
        }

        impl $name {
            /// Every key of this section, for the configuration reference.
            pub const KEYS: &'static [$crate::config::Key] = &[$(
                $crate::config::Key {
                    path: concat!($path, ".", stringify!($key)),
                    default: $text,
                    meaning: &[$($doc),+],
                },
            )+];
        }
    };
}
