//! The way out for messages: one HTTP gateway a channel, which a locality puts in front of its operator, mini-programme or mail
//! server. A channel without one keeps its messages here. What became of a message later it says itself, with a token of the role
//! `message_gateway`, at `POST /notifications/{id}/receipt`.

use std::time::Duration;

use chassis::config::{ConfigError, NotificationsConfig};
use contracts::events::intake::NotificationChannel;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Serialize;

use crate::store::notifications::Due;

/// A gateway: its address and its token.
struct Gateway {
    url: String,
    token: Option<SecretString>,
}

/// The gateways of this node.
pub struct Gateways {
    http: Option<reqwest::Client>,
    sms: Option<Gateway>,
    mini_programme: Option<Gateway>,
    email: Option<Gateway>,
}

/// What a gateway is sent. A message that is sent twice has the same `id` twice.
#[derive(Serialize)]
struct Message<'a> {
    id: String,
    channel: NotificationChannel,
    to: &'a str,
    template: &'a str,
    zh: &'a str,
    en: &'a str,
}

impl Gateways {
    /// The gateways that are configured.
    ///
    /// # Errors
    /// No client can be made: no certificates on this machine.
    pub fn open(config: &NotificationsConfig) -> Result<Self, ConfigError> {
        let gateway = |url: &Option<String>, token: &Option<SecretString>| {
            url.clone().map(|url| Gateway {
                url,
                token: token.clone(),
            })
        };
        let mut gateways = Self {
            http: None,
            sms: gateway(&config.sms_url, &config.sms_token),
            mini_programme: gateway(&config.mini_programme_url, &config.mini_programme_token),
            email: gateway(&config.email_url, &config.email_token),
        };
        let any = [&gateways.sms, &gateways.mini_programme, &gateways.email];
        if any.iter().any(|gateway| gateway.is_some()) {
            gateways.http = Some(client(config.timeout)?);
        }
        Ok(gateways)
    }

    fn of(&self, channel: NotificationChannel) -> Option<&Gateway> {
        match channel {
            NotificationChannel::InApp => None,
            NotificationChannel::Sms => self.sms.as_ref(),
            NotificationChannel::MiniProgramme => self.mini_programme.as_ref(),
            NotificationChannel::Email => self.email.as_ref(),
        }
    }

    /// Whether messages on this channel leave the node.
    pub fn sends(&self, channel: NotificationChannel) -> bool {
        self.of(channel).is_some()
    }

    /// Hands a message to its gateway.
    ///
    /// # Errors
    /// The status it answered, or the kind of fault; never what was sent.
    pub async fn send(&self, due: &Due) -> Result<(), String> {
        let (Some(http), Some(gateway)) = (&self.http, self.of(due.channel)) else {
            return Err("no gateway".to_owned());
        };
        let message = Message {
            id: due.id.to_string(),
            channel: due.channel,
            to: &due.address,
            template: &due.template,
            zh: &due.text_zh,
            en: &due.text_en,
        };
        let mut request = http.post(&gateway.url).json(&message);
        if let Some(token) = &gateway.token {
            request = request.bearer_auth(token.expose_secret());
        }
        match request.send().await {
            Ok(answer) if answer.status().is_success() => Ok(()),
            Ok(answer) => Err(format!("status {}", answer.status().as_u16())),
            Err(error) if error.is_timeout() => Err("timeout".to_owned()),
            Err(error) if error.is_connect() => Err("no connection".to_owned()),
            Err(_) => Err("not sent".to_owned()),
        }
    }
}

fn client(timeout: Duration) -> Result<reqwest::Client, ConfigError> {
    let client = reqwest::Client::builder().timeout(timeout).build();
    client.map_err(|error| ConfigError::value("notifications", error))
}
