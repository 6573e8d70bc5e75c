//! How money is taken: the sections `[payment]` and `[requisites]`.

use lending::Kopecks;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::check::Complaints;
use super::product::Roubles;
use super::{Text, numbers};
use crate::ports::PayMethod;

/// How money is taken.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PaymentRules {
    /// What the borrower pays for paying by card here, in millionths of the sum; only 0 is taken.
    pub commission_ppm: u32,
    /// The adapter of the card acquirer: `yookassa` or `tbank`.
    #[schemars(extend("enum" = ["yookassa", "tbank"]))]
    pub acquirer: String,
    /// A surplus up to this many roubles goes back as soon as its owner asks; above it two members of staff agree
    /// first.
    #[serde(default = "usual_refund")]
    refund_alone: Roubles,
    /// Whether money repays as soon as it comes, or is put on a balance first.
    #[serde(default)]
    mode: Mode,
    /// Every way to pay. Without `card`, `sbp` and `wallet` nothing is paid inside the cabinet: its page gives the reference, the
    /// exact sum for a date and the steps of the other ways.
    pub ways: Vec<PaymentWay>,
}

/// What money does when it comes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Mode {
    /// It repays at once.
    #[default]
    Direct,
    /// It stands on the balance until the due date, or until its owner says what it is for.
    Balance,
}

/// A way to pay.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PaymentWay {
    /// Which one.
    pub kind: WayKind,
    /// What the borrower pays for it and when the money is credited, in a sentence.
    pub note: Text,
}

/// A way to pay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum WayKind {
    /// By a card of any bank, on the acquirer's page.
    Card,
    /// By the fast payment system (СБП): a link on a phone, a QR on a desktop.
    Sbp,
    /// By an electronic wallet, on its own page; not with `tbank`.
    Wallet,
    /// By an interbank transfer with the requisites below.
    Transfer,
    /// In the application of a bank, by the reference.
    BankApp,
    /// At a terminal, by the reference.
    Terminal,
}

fn usual_refund() -> Roubles {
    Roubles(Kopecks::from_roubles(15_000))
}

impl WayKind {
    /// The acquirer's method of a way that is paid here; none of the ways outside.
    pub const fn method(self) -> Option<PayMethod> {
        match self {
            Self::Card => Some(PayMethod::Card),
            Self::Sbp => Some(PayMethod::Sbp),
            Self::Wallet => Some(PayMethod::Wallet),
            Self::Transfer | Self::BankApp | Self::Terminal => None,
        }
    }
}

impl PaymentRules {
    /// Whether money is put on a balance and debited from it.
    pub fn by_balance(&self) -> bool {
        matches!(self.mode, Mode::Balance)
    }

    /// The most that goes back on its owner's word alone.
    pub fn refund_alone_up_to(&self) -> Kopecks {
        self.refund_alone.0
    }

    /// What the borrower pays for paying so much here, whole kopecks down.
    pub fn commission(&self, sum: Kopecks) -> Kopecks {
        Kopecks::new(sum.get().saturating_mul(i64::from(self.commission_ppm)) / 1_000_000)
    }

    /// Whether anything can be paid inside the cabinet.
    pub fn in_cabinet(&self) -> bool {
        !self.methods().is_empty()
    }

    /// With what can be paid here, in the order of the file.
    pub fn methods(&self) -> Vec<PayMethod> {
        self.ways
            .iter()
            .filter_map(|way| way.kind.method())
            .collect()
    }
}

/// The lender's own account, for transfers.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Requisites {
    /// Twenty digits; the key digit is checked against the bank's code.
    pub account: String,
    /// The bank.
    pub bank: String,
    /// The bank's code (БИК), nine digits.
    pub bic: String,
    /// The bank's correspondent account, twenty digits; its key digit is checked as well.
    pub corr: String,
}

/// Whether the section agrees with itself.
pub(super) fn check(payment: &PaymentRules, money: &Requisites, say: &mut Complaints) {
    let free = payment.commission_ppm == 0;
    let problem = "charges the borrower for paying";
    say.must(free, "payment", "commission_ppm", problem, "write 0");
    let some = !payment.ways.is_empty();
    let problem = "leaves no way to pay";
    say.must(
        some,
        "payment",
        "ways",
        problem,
        "write at least one [[payment.ways]]",
    );
    for (number, way) in payment.ways.iter().enumerate() {
        let table = format!("payment.ways.{number}");
        way.note.check(&table, "note", say);
        let taken = way.kind != WayKind::Wallet || payment.acquirer != "tbank";
        let problem = "is not taken by the acquirer tbank";
        say.must(
            taken,
            &table,
            "kind",
            problem,
            "take another acquirer, or card or sbp",
        );
        let earlier = payment.ways.iter().take(number);
        let once = earlier.into_iter().all(|other| other.kind != way.kind);
        say.must(
            once,
            &table,
            "kind",
            "is there twice",
            "keep one of the two",
        );
    }
    let copy = "copy it from the contract with the bank";
    let bic = numbers::bic(&money.bic);
    say.must(
        bic,
        "requisites",
        "bic",
        "is not nine digits that begin with 04",
        copy,
    );
    let problem = "is not 20 digits whose key agrees with bic";
    if bic {
        let own = numbers::account(&money.bic, &money.account);
        say.must(own, "requisites", "account", problem, copy);
        let bank = numbers::correspondent(&money.bic, &money.corr);
        say.must(bank, "requisites", "corr", problem, copy);
    }
    let named = !money.bank.trim().is_empty();
    say.must(named, "requisites", "bank", "is empty", copy);
}
