//! What is owed: on the page, in the journal, and by the loop over days.

use cabinet::loan::{LoanView, OperationKind};
use cabinet::{BorrowerId, LoanId, loan};
use lending::{Debt, Kopecks, ProductKind, Status};

use crate::naive::Naive;
use crate::naive::story::{Action, Discount, Kind, Loan, Window};
use crate::support::World;
use crate::support::journey::balance;
use crate::truth::{Looked, fault, get, must, rows};

/// The shown debt is the debt counted by another program, and both are what the journal holds.
pub async fn look(
    world: &World,
    borrower: BorrowerId,
    id: LoanId,
    books: &[(String, Kopecks)],
) -> Looked {
    let view = loan::view(&world.cab, borrower, id, None)
        .await
        .map_err(|error| format!("the loan's page: {error}"))?;
    let listed = loan::list(&world.cab, borrower).await.map_err(fault)?;
    must(
        listed.iter().any(|card| card.payoff == view.state.payoff),
        || "the list of loans tells another debt than the loan's page".to_owned(),
    )?;
    let naive = replayed(&view, &rates(world).await?);
    let state = &view.state;
    let pairs = [
        ("principal", state.principal.get(), naive.principal()),
        ("interest", state.interest.get(), naive.interest()),
        ("penalty", state.penalty.get(), naive.penalty()),
        ("payoff", state.payoff.get(), naive.payoff()),
        ("overpaid", state.overpaid.get(), naive.overpaid),
        (
            "paid",
            state.paid_total.get(),
            naive.paid() - naive.written_off,
        ),
    ];
    for (what, shown, counted) in pairs {
        must(shown == counted, || {
            format!("{what} is shown as {shown} and is {counted} by the day loop")
        })?;
        must(shown >= 0, || format!("{what} is {shown}"))?;
    }
    must(
        (state.due, state.closed_on) == (naive.due(), naive.closed),
        || format!("due {} or closing {:?}", state.due, state.closed_on),
    )?;
    must(
        (state.status == Status::Closed) == state.payoff.is_zero(),
        || format!("{:?} with {} to pay", state.status, state.payoff),
    )?;
    let account = |name| balance(books, name);
    must(
        account("interest_receivable").is_zero() && account("penalty_receivable").is_zero(),
        || "income was taken that was not earned".to_owned(),
    )?;
    let debts = Debits::of(world, &view).await?;
    if let Some(there) = view.balance {
        must(there.left >= Kopecks::ZERO, || {
            format!("{} on the balance", there.left)
        })?;
    }
    must(
        account("borrower_balance") == Kopecks::ZERO - debts.waits(&view),
        || {
            format!(
                "{} on the balance by the journal, {} by the operations",
                account("borrower_balance"),
                debts.waits(&view)
            )
        },
    )?;
    // Pages count a payment date's debit as soon as it has come, the books with the next sweep.
    if debts.ahead {
        return Ok(());
    }
    must(account("loans") == state.principal, || {
        let shown = view.operations.iter();
        let shown: Vec<_> = shown.map(|one| (one.on, one.kind, one.amount)).collect();
        format!(
            "{} by the journal, {} owed after {shown:?}, written down: {:?}",
            account("loans"),
            state.principal,
            debts.stored
        )
    })?;
    must(account("written_off").get() == naive.written_off, || {
        format!(
            "{} is written off by the journal and {} by the day loop",
            account("written_off"),
            naive.written_off
        )
    })
}

/// The balance's side of a loan, as it is written down.
struct Debits {
    topped_up: Kopecks,
    debited: Kopecks,
    given_back: Kopecks,
    /// The dates and sums of the debits.
    stored: Vec<(String, Kopecks)>,
    /// The page knows of debits that are not written down yet.
    ahead: bool,
}

impl Debits {
    async fn of(world: &World, view: &LoanView) -> Result<Self, String> {
        let mut all = Self {
            topped_up: Kopecks::ZERO,
            debited: Kopecks::ZERO,
            given_back: Kopecks::ZERO,
            stored: Vec::new(),
            ahead: false,
        };
        let sql = "SELECT kind, amount, on_date FROM operation ORDER BY on_date, seq";
        for row in rows(world, sql).await? {
            let (kind, amount): (String, i64) = (get(&row, "kind")?, get(&row, "amount")?);
            let amount = Kopecks::new(amount);
            match kind.as_str() {
                "top_up" => all.topped_up += amount,
                "refund" => all.given_back += amount,
                "debit" => {
                    all.debited += amount;
                    all.stored.push((get(&row, "on_date")?, amount));
                }
                _ => {}
            }
        }
        let shown = view.operations.iter();
        let shown = shown.filter(|one| one.kind == OperationKind::Debit);
        let mut shown: Vec<_> = shown.map(|one| (one.on.to_string(), one.amount)).collect();
        shown.sort();
        all.stored.sort();
        all.ahead = shown != all.stored;
        Ok(all)
    }

    /// What the lender owes the borrower by the operations.
    fn waits(&self, view: &LoanView) -> Kopecks {
        if self.topped_up.is_zero() {
            return view.overpaid;
        }
        self.topped_up - self.debited - self.given_back
    }
}

/// What rates were lowered to, in the order of their days.
async fn rates(world: &World) -> Result<Vec<u32>, String> {
    let sql = "SELECT rate FROM operation WHERE kind = 'rate_cut' ORDER BY on_date, seq";
    let all = rows(world, sql).await?;
    let rates = all.iter().map(|row| get::<i64>(row, "rate"));
    rates
        .map(|rate| u32::try_from(rate?).map_err(fault))
        .collect()
}

/// The same loan by the loop over days that shares nothing with the engine.
fn replayed(view: &LoanView, rates: &[u32]) -> Naive {
    let mut rates = rates.iter().copied();
    let terms = &view.terms;
    let kind = match terms.product.kind {
        ProductKind::Bullet => Kind::Bullet { days: terms.term },
        ProductKind::Special => Kind::Special { days: terms.term },
        ProductKind::Monthly => Kind::Monthly { months: terms.term },
        ProductKind::EveryNDays { days } => Kind::EveryNDays {
            payments: terms.term,
            days,
        },
    };
    let promo = (terms.rate != terms.rate_after_due).then(|| Discount {
        daily: terms.rate.ppm(),
        max_amount: terms.amount.get(),
        max_days: terms.term,
    });
    let loan = Loan {
        kind,
        amount: terms.amount.get(),
        contract: terms.contract_date,
        issued: terms.schedule.start,
        daily: terms.rate_after_due.ppm(),
        annual: terms.product.annual_rate.map(lending::AnnualRate::ppm),
        fixed: 0,
        promo,
        penalty: terms.product.penalty_rate.ppm(),
        shift: terms.product.shift_days_off,
    };
    let mut naive = Naive::new(&loan, Window::Unchecked);
    for operation in &view.operations {
        naive = naive.after_days(operation.on);
        let action = match operation.kind {
            OperationKind::Payment | OperationKind::Debit => Action::Pay(operation.amount.get()),
            OperationKind::WriteOff => {
                let debt = Debt::of(&operation.parts);
                let [penalty, interest, principal] =
                    [debt.penalty, debt.interest, debt.principal].map(Kopecks::get);
                Action::WriteOff(penalty, interest, principal)
            }
            OperationKind::RateCut => Action::LowerRate(rates.next().expect("its rate")),
            OperationKind::Prolongation => Action::Prolong(days_of(&operation.title)),
            _ => continue,
        };
        naive.take(action).expect("what was posted can be replayed");
    }
    naive.after_days(view.today)
}

/// A prolongation's title says its days.
fn days_of(title: &str) -> u32 {
    let digits: String = title.chars().filter(char::is_ascii_digit).collect();
    digits.parse().expect("a title with days")
}
