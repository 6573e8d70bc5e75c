//! Every page of the workplace, its forms, and who may open it: one table.

use std::future::Future;
use std::pin::Pin;

use cabinet::Result;
use cabinet::staff::{Action, Half};
use leptos::prelude::AnyView;

use super::{
    Desk, adjustments, agents, agreements, appeals, applications, audit, chats, commissions, door,
    draws, friends, home, incomes, money, orders, papers, people, promotions, refunds, reports,
    requests,
};

/// What is being made.
pub type Later<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// How a page is drawn.
pub type Show = for<'a> fn(&'a Desk) -> Later<'a, Sheet>;

/// A page's heading and what stands under it.
pub struct Sheet {
    /// The browser's title.
    pub title: String,
    /// The page.
    pub body: AnyView,
}

/// How a form that went well goes on.
pub enum Done {
    /// To another page, which says the message of this key when it is not empty.
    Go(String, &'static str),
    /// The password was right.
    Half(Half),
    /// A session is open; its token.
    Entered(String),
    /// The session is over.
    Left,
}

/// A file to be kept.
pub struct Made {
    /// Its kind.
    pub kind: &'static str,
    /// Its name; none for what is shown in place.
    pub name: Option<String>,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// Who may open a page or send a form. The use case behind it asks again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Anybody: the door.
    Nobody,
    /// Whoever is signed in, before the first password is replaced too.
    Colleague,
    /// Whose roles allow it.
    May(Action),
}

/// A form of a page: it is sent to the page's address with the form's name at the end.
pub struct Form {
    /// Its name.
    pub name: &'static str,
    /// Who may send it.
    pub needs: Needs,
    /// What it does.
    pub act: for<'a> fn(&'a Desk) -> Later<'a, Done>,
}

/// A page.
pub struct Page {
    /// Its address, as the router writes it.
    pub path: &'static str,
    /// Who may open it.
    pub needs: Needs,
    /// Draws it.
    pub show: Show,
    /// What can be sent from it.
    pub forms: &'static [Form],
}

/// A file that is made for whoever asks.
pub struct FilePage {
    /// Its address.
    pub path: &'static str,
    /// Who may have it.
    pub needs: Needs,
    /// Makes it.
    pub make: for<'a> fn(&'a Desk) -> Later<'a, Made>,
}

macro_rules! form {
    ($name:literal, $needs:expr, $act:path) => {
        Form {
            name: $name,
            needs: $needs,
            act: |desk| Box::pin($act(desk)),
        }
    };
}

macro_rules! page {
    ($path:literal, $needs:expr, $show:path $(, $form:expr)* $(,)?) => {
        Page {
            path: $path,
            needs: $needs,
            show: |desk| Box::pin($show(desk)),
            forms: &[$($form),*],
        }
    };
}

macro_rules! file {
    ($path:literal, $needs:expr, $make:path) => {
        FilePage {
            path: $path,
            needs: $needs,
            make: |desk| Box::pin($make(desk)),
        }
    };
}

use Needs::{Colleague, May, Nobody};

/// The pages.
pub const PAGES: &[Page] = &[
    page!(
        "/staff/enter",
        Nobody,
        door::password_page,
        form!("send", Nobody, door::password)
    ),
    page!(
        "/staff/code",
        Nobody,
        door::code_page,
        form!("send", Nobody, door::code)
    ),
    page!(
        "/staff/password",
        Colleague,
        door::change_page,
        form!("send", Colleague, door::change)
    ),
    page!(
        "/staff",
        Colleague,
        home::page,
        form!("leave", Colleague, door::leave)
    ),
    page!(
        "/staff/applications",
        May(Action::ReadApplications),
        applications::queue_page
    ),
    page!(
        "/staff/applications/{id}",
        May(Action::ReadApplications),
        applications::case_page,
        form!(
            "decide",
            May(Action::DecideApplication),
            applications::decide
        ),
        form!("ask", May(Action::DecideApplication), applications::ask),
    ),
    page!(
        "/staff/incomes",
        May(Action::ProveIncome),
        incomes::queue_page
    ),
    page!(
        "/staff/incomes/{id}",
        May(Action::ProveIncome),
        incomes::one_page,
        form!("prove", May(Action::ProveIncome), incomes::prove),
        form!("decline", May(Action::ProveIncome), incomes::decline),
        form!("withdraw", May(Action::ProveIncome), incomes::withdraw),
    ),
    page!(
        "/staff/requests",
        May(Action::ReadRequests),
        requests::queue_page
    ),
    page!(
        "/staff/requests/{id}",
        May(Action::ReadRequests),
        requests::one_page,
        form!("open", May(Action::ReadRequests), requests::open),
        form!("check", May(Action::LeadRequest), requests::check),
        form!("longer", May(Action::LeadRequest), requests::longer),
        form!("approve", May(Action::ApproveRequest), requests::approve),
        form!("refuse", May(Action::ApproveRequest), requests::refuse),
    ),
    page!(
        "/staff/appeals",
        May(Action::ReadRequests),
        appeals::queue_page
    ),
    page!(
        "/staff/appeals/{id}",
        May(Action::ReadRequests),
        appeals::one_page,
        form!("open", May(Action::ReadRequests), appeals::open),
        form!("take", May(Action::LeadRequest), appeals::take),
        form!("answer", May(Action::LeadRequest), appeals::answer),
        form!("longer", May(Action::LeadRequest), appeals::longer),
        form!("refuse", May(Action::LeadRequest), appeals::refuse),
        form!("approve", May(Action::ApproveRequest), appeals::approve),
        form!("back", May(Action::ApproveRequest), appeals::back),
    ),
    page!("/staff/chats", May(Action::ReadChats), chats::queue_page),
    page!(
        "/staff/chats/{id}",
        May(Action::ReadChats),
        chats::one_page,
        form!("open", May(Action::ReadChats), chats::open),
        form!("take", May(Action::AnswerChat), chats::take),
        form!("answer", May(Action::AnswerChat), chats::answer),
        form!("transfer", May(Action::AnswerChat), chats::transfer),
        form!("close", May(Action::AnswerChat), chats::close),
    ),
    page!(
        "/staff/refunds",
        May(Action::ReadMoney),
        refunds::queue_page
    ),
    page!(
        "/staff/refunds/{id}",
        May(Action::ReadMoney),
        refunds::one_page,
        form!("approve", May(Action::ApproveMoney), refunds::approve),
        form!("decline", May(Action::ApproveMoney), refunds::decline),
    ),
    page!("/staff/money", May(Action::ReadMoney), money::queue_page),
    page!(
        "/staff/money/{id}",
        May(Action::ReadMoney),
        money::one_page,
        form!("assign", May(Action::MoveMoney), money::assign),
        form!("dismiss", May(Action::MoveMoney), money::dismiss),
    ),
    page!(
        "/staff/orders",
        May(Action::ReadMoney),
        orders::page,
        form!("write", May(Action::MoveMoney), orders::write),
        form!("refused", May(Action::MoveMoney), orders::refused),
    ),
    page!(
        "/staff/people",
        May(Action::FindPerson),
        people::search_page,
        form!("find", May(Action::FindPerson), people::find),
    ),
    page!(
        "/staff/people/{id}",
        May(Action::OpenPerson),
        people::card_page,
        form!("open", May(Action::OpenPerson), people::open),
    ),
    page!(
        "/staff/people/{id}/loans/{loan}",
        May(Action::OpenPerson),
        people::loan_page,
        form!(
            "writeoff",
            May(Action::ProposeAdjustment),
            adjustments::write_off
        ),
        form!(
            "ratecut",
            May(Action::ProposeAdjustment),
            adjustments::rate_cut
        ),
    ),
    page!(
        "/staff/adjustments",
        May(Action::ReadMoney),
        adjustments::queue_page
    ),
    page!(
        "/staff/adjustments/{id}",
        May(Action::ReadMoney),
        adjustments::one_page,
        form!("open", May(Action::ReadMoney), adjustments::open),
        form!(
            "approve",
            May(Action::ApproveAdjustment),
            adjustments::approve
        ),
        form!(
            "refuse",
            May(Action::ApproveAdjustment),
            adjustments::refuse
        ),
        form!(
            "withdraw",
            May(Action::ProposeAdjustment),
            adjustments::withdraw
        ),
    ),
    page!(
        "/staff/agreements",
        May(Action::ReadStaff),
        agreements::page,
        form!("propose", May(Action::ProposeStaff), agreements::propose),
        form!("decide", May(Action::ApproveStaff), agreements::decide),
        form!("withdraw", May(Action::ProposeStaff), agreements::withdraw),
    ),
    page!(
        "/staff/promotions",
        May(Action::ReadReports),
        promotions::page,
        form!("give", May(Action::ManagePromotions), promotions::give),
        form!("agree", May(Action::ApproveMoney), promotions::agree),
        form!(
            "withdraw",
            May(Action::ManagePromotions),
            promotions::withdraw
        ),
    ),
    page!(
        "/staff/promotions/friends",
        May(Action::ReadReports),
        friends::page,
        form!("anyway", May(Action::ManagePromotions), friends::anyway),
        form!("agree", May(Action::ApproveMoney), friends::agree),
    ),
    page!(
        "/staff/draws",
        May(Action::ReadReports),
        draws::page,
        form!("ready", May(Action::ManagePromotions), draws::ready),
        form!("hand", May(Action::ManagePromotions), draws::hand),
        form!("agree", May(Action::ApproveMoney), draws::agree),
        form!("bar", May(Action::ManagePromotions), draws::bar),
    ),
    page!(
        "/staff/agents",
        May(Action::ReadAgents),
        agents::list_page,
        form!("grant", May(Action::ManagePromotions), agents::grant),
    ),
    page!(
        "/staff/agents/{id}",
        May(Action::ReadAgents),
        agents::one_page,
        form!("stop", May(Action::ManagePromotions), agents::stop),
        form!("resume", May(Action::ManagePromotions), agents::resume),
    ),
    page!(
        "/staff/agents/payouts",
        May(Action::ReadAgents),
        commissions::queue_page,
        form!("write", May(Action::MoveMoney), commissions::write),
    ),
    page!(
        "/staff/agents/payouts/{id}",
        May(Action::ReadAgents),
        commissions::one_page,
        form!("approve", May(Action::PayAgents), commissions::approve),
        form!("decline", May(Action::PayAgents), commissions::decline),
        form!("paid", May(Action::MoveMoney), commissions::paid),
    ),
    page!("/staff/audit", May(Action::ReadAudit), audit::page),
    page!("/staff/reports", May(Action::ReadReports), reports::page),
];

/// The files.
pub const FILES: &[FilePage] = &[
    file!(
        "/staff/applications/{id}/pictures/{picture}",
        May(Action::ReadApplications),
        applications::picture
    ),
    file!(
        "/staff/incomes/{id}/pictures/{picture}",
        May(Action::ProveIncome),
        incomes::picture
    ),
    file!(
        "/staff/requests/{id}/pictures/{picture}",
        May(Action::ReadRequests),
        requests::picture
    ),
    file!("/staff/orders/{at}", May(Action::MoveMoney), orders::file),
    file!(
        "/staff/agents/orders/{at}",
        May(Action::MoveMoney),
        commissions::file
    ),
    file!(
        "/staff/appeals/{id}/pictures/{picture}",
        May(Action::ReadRequests),
        appeals::picture
    ),
    file!(
        "/staff/chats/{id}/pictures/{picture}",
        May(Action::ReadChats),
        chats::picture
    ),
    file!(
        "/staff/papers/{about}/{object}/{paper}",
        Colleague,
        papers::picture
    ),
    file!("/staff/audit.csv", May(Action::ReadAudit), audit::export),
    file!(
        "/staff/reports/{report}",
        May(Action::ReadReports),
        reports::export
    ),
];

/// Live connections: each use case behind asks again, for as long as the connection lasts.
pub const STREAMS: &[(&str, Needs)] = &[("/staff/chats/{id}/stream", May(Action::ReadChats))];
