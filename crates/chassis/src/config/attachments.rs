//! The section about materials people hand in.

use std::{path::PathBuf, time::Duration};

use secrecy::SecretString;

crate::config_section! {
    /// Where the content of attachments lies: a directory, or a bucket of an S3-compatible store. With neither, none are taken.
    pub struct AttachmentsConfig in "attachments" {
        /// Directory; every process of intake must see the same one.
        pub directory: Option<PathBuf> = None, "";
        /// Bucket of an S3-compatible store, instead of a directory.
        pub s3_bucket: Option<String> = None, "";
        /// Address of that store: `https://s3.example.cn`.
        pub s3_endpoint: Option<String> = None, "";
        /// Its region, as it is signed.
        pub s3_region: String = "us-east-1".to_owned(), "us-east-1";
        /// Access key.
        pub s3_access_key: Option<String> = None, "";
        /// Secret key.
        pub s3_secret_key: Option<SecretString> = None, "";
        /// File that holds the secret key.
        pub s3_secret_key_file: Option<PathBuf> = None, "";
        /// How often content that no attachment names is looked for and removed.
        #[serde(deserialize_with = "crate::config::duration")]
        pub sweep_interval: Duration = Duration::from_secs(3600), "1h";
        /// How old such content must be; longer than any upload takes.
        #[serde(deserialize_with = "crate::config::duration")]
        pub orphan_after: Duration = Duration::from_secs(86_400), "1d";
    }
}
