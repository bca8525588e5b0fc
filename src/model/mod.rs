//! The nouns everything is said in: plain values with serde, no behavior that needs I/O.
//!
//! Nothing here reads a clock, a file or the network, and nothing here fails:
//! what can be wrong is refused where it enters, at the edges.

pub mod alert;
pub mod article;
pub mod brief;
pub mod comment;
pub mod delivery;
pub mod event;
pub mod license;
pub mod message;
pub mod source;
pub mod story;
pub mod subscription;
pub mod watch;

/// Declares a string newtype used as an identifier.
macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl $name {
            /// The identifier as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }
    };
}
pub(crate) use id;
