//! A mail receiver: enough of SMTP for a sender to deliver, everything into the inbox.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::App;
use crate::faults::Kind;
use crate::inbox::Channel;
use crate::mail;

const LARGEST_MESSAGE: usize = 1024 * 1024;
/// RFC 5321 asks for 1000 octets of text; some senders write longer ones.
const LONGEST_LINE: usize = 16 * 1024;
const MOST_RECIPIENTS: usize = 100;
const MOST_CONNECTIONS: usize = 64;
const IDLE: Duration = Duration::from_mins(1);

/// Accepts connections until the process ends.
pub async fn serve(app: App, listener: TcpListener) {
    let slots = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    loop {
        let Ok(slot) = slots.clone().acquire_owned().await else {
            return;
        };
        match listener.accept().await {
            Ok((stream, _)) => {
                let app = app.clone();
                tokio::spawn(async move {
                    if let Err(error) = Session::new(app, stream).run().await {
                        tracing::debug!(%error, "mail session ended");
                    }
                    drop(slot);
                });
            }
            Err(error) => {
                tracing::warn!(%error, "cannot accept a mail connection");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

struct Session {
    app: App,
    stream: BufReader<TcpStream>,
    greeted: bool,
    sender: bool,
    recipients: Vec<String>,
}

impl Session {
    fn new(app: App, stream: TcpStream) -> Self {
        let stream = BufReader::new(stream);
        Self {
            app,
            stream,
            greeted: false,
            sender: false,
            recipients: Vec::new(),
        }
    }

    async fn run(mut self) -> io::Result<()> {
        self.say("220 sandbox ESMTP").await?;
        loop {
            let Some(line) = self.line().await? else {
                return Ok(());
            };
            let line = String::from_utf8_lossy(&line).trim_end().to_owned();
            let (verb, rest) = line.split_once(' ').unwrap_or((line.as_str(), ""));
            match verb.to_ascii_uppercase().as_str() {
                "EHLO" => {
                    self.forget();
                    self.greeted = true;
                    let size = format!("250-SIZE {LARGEST_MESSAGE}");
                    self.say("250-sandbox").await?;
                    self.say(&size).await?;
                    self.say("250-8BITMIME").await?;
                    self.say("250-SMTPUTF8").await?;
                    self.say("250 PIPELINING").await?;
                }
                "HELO" => {
                    self.forget();
                    self.greeted = true;
                    self.say("250 sandbox").await?;
                }
                "MAIL" => self.mail(rest).await?,
                "RCPT" => self.rcpt(rest).await?,
                "DATA" => self.data().await?,
                "RSET" => {
                    self.forget();
                    self.say("250 2.0.0 OK").await?;
                }
                "NOOP" => self.say("250 2.0.0 OK").await?,
                "VRFY" => self.say("252 2.5.0 send some mail").await?,
                "QUIT" => return self.say("221 2.0.0 bye").await,
                _ => self.say("502 5.5.1 command not implemented").await?,
            }
        }
    }

    fn forget(&mut self) {
        self.sender = false;
        self.recipients.clear();
    }

    async fn mail(&mut self, rest: &str) -> io::Result<()> {
        if !self.greeted {
            return self.say("503 5.5.1 say EHLO first").await;
        }
        if self.sender {
            return self.say("503 5.5.1 sender already given").await;
        }
        if path(rest, "FROM:").is_none() {
            return self.say("501 5.5.4 MAIL FROM:<address>").await;
        }
        let announced = rest.split_whitespace().find_map(|word| {
            word.to_ascii_uppercase()
                .strip_prefix("SIZE=")?
                .parse::<usize>()
                .ok()
        });
        if announced.is_some_and(|size| size > LARGEST_MESSAGE) {
            return self.say("552 5.3.4 message too big").await;
        }
        self.sender = true;
        self.say("250 2.1.0 OK").await
    }

    async fn rcpt(&mut self, rest: &str) -> io::Result<()> {
        if !self.sender {
            return self.say("503 5.5.1 say MAIL first").await;
        }
        match path(rest, "TO:") {
            Some(address) if address.contains('@') => {
                if self.recipients.len() >= MOST_RECIPIENTS {
                    return self.say("452 4.5.3 too many recipients").await;
                }
                self.recipients.push(address);
                self.say("250 2.1.5 OK").await
            }
            _ => self.say("501 5.1.3 RCPT TO:<address>").await,
        }
    }

    async fn data(&mut self) -> io::Result<()> {
        if self.recipients.is_empty() {
            return self.say("503 5.5.1 say RCPT first").await;
        }
        self.say("354 end with a dot on a line of its own").await?;
        let Some(message) = self.message().await? else {
            self.forget();
            return self.say("552 5.3.4 message too big").await;
        };
        let fault = self.app.lock().faults.take("mail.receive");
        match fault.as_ref().map(|fault| (fault.kind, fault)) {
            Some((Kind::Error500, _)) => {
                self.forget();
                return self.say("451 4.3.0 try again later").await;
            }
            Some((Kind::Delay, fault)) => {
                self.store(&message);
                tokio::time::sleep(fault.hold(1000)).await;
            }
            Some((Kind::Lost, _)) => {}
            _ => self.store(&message),
        }
        self.forget();
        self.say("250 2.0.0 accepted").await
    }

    fn store(&self, message: &[u8]) {
        let letter = mail::read(message);
        let mut state = self.app.lock();
        let now = state.clock.now();
        for to in &self.recipients {
            let (subject, text) = (letter.subject.clone(), letter.text.clone());
            state
                .inbox
                .add(Channel::Email, to.clone(), Some(subject), text, now);
        }
    }

    /// Reads up to the lonely dot, taking one leading dot off each line. `None` when too big;
    /// the rest is still read, so the session goes on.
    async fn message(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut message = Vec::new();
        let mut fits = true;
        loop {
            let Some(line) = self.line().await? else {
                return Err(io::ErrorKind::UnexpectedEof.into());
            };
            if line == b".\r\n" || line == b".\n" {
                return Ok(fits.then_some(message));
            }
            let line = line.strip_prefix(b".").unwrap_or(&line);
            fits = fits && message.len() + line.len() <= LARGEST_MESSAGE;
            if fits {
                message.extend_from_slice(line);
            }
        }
    }

    /// One line with its end; `None` when the other side closed.
    async fn line(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut line = Vec::new();
        let mut limited = (&mut self.stream).take(LONGEST_LINE as u64);
        let read = timeout(IDLE, limited.read_until(b'\n', &mut line))
            .await
            .map_err(|_| io::Error::from(io::ErrorKind::TimedOut))??;
        match read {
            0 => Ok(None),
            _ if line.ends_with(b"\n") => Ok(Some(line)),
            _ => Err(io::ErrorKind::InvalidData.into()),
        }
    }

    async fn say(&mut self, text: &str) -> io::Result<()> {
        let line = format!("{text}\r\n");
        timeout(IDLE, self.stream.write_all(line.as_bytes()))
            .await
            .map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?
    }
}

/// The address out of `FROM:<a@b> SIZE=…`.
fn path(rest: &str, keyword: &str) -> Option<String> {
    let head = rest.get(..keyword.len())?;
    if !head.eq_ignore_ascii_case(keyword) {
        return None;
    }
    let (_, inner) = rest.split_once('<')?;
    let (address, _) = inner.split_once('>')?;
    Some(address.to_owned())
}
