//! Who of the staff may do what, and which fields each role sees: two written tables, and nothing else decides.
//!
//! A person may hold several roles; what any of them allows is allowed. Nobody's role allows approving what the
//! same person asked for: that is checked where it is approved, not here.

use lending::Kopecks;

use crate::codes::codes;

codes! {
    /// What a person of the staff is there for.
    Role {
        /// Answers borrowers and leads their requests.
        Support = "support",
        /// Decides on applications that wait for a specialist.
        Underwriter = "underwriter",
        /// Matches money, proposes and approves refunds.
        Payments = "payments",
        /// Promotions and agents.
        Marketing = "marketing",
        /// The second pair of eyes, roles, reports.
        Chief = "chief",
        /// Reads everything that was done, changes nothing.
        Auditor = "auditor",
    }
}

codes! {
    /// What can be done at the staff's workplace.
    Action {
        /// Find a person by a phone or a contract's number.
        FindPerson = "find_person",
        /// Open a person's fields, with a reason.
        OpenPerson = "open_person",
        /// Read the queue of applications and the inputs of a decision.
        ReadApplications = "read_applications",
        /// Approve, refuse, or ask for a document.
        DecideApplication = "decide_application",
        /// Read papers of an income and write down what they prove.
        ProveIncome = "prove_income",
        /// Read borrowers' requests.
        ReadRequests = "read_requests",
        /// Check the evidence of a request and propose its outcome.
        LeadRequest = "lead_request",
        /// Be the second person of a request.
        ApproveRequest = "approve_request",
        /// Read borrowers' chats: the queue, and one of them with a reason.
        ReadChats = "read_chats",
        /// Take a chat, answer in it, hand it over, close it.
        AnswerChat = "answer_chat",
        /// Read payments, refunds and what could not be matched.
        ReadMoney = "read_money",
        /// Give unmatched money to a loan; propose a refund.
        MoveMoney = "move_money",
        /// Be the second person of a refund.
        ApproveMoney = "approve_money",
        /// Ask for debt to be written off or for a rate to be lowered.
        ProposeAdjustment = "propose_adjustment",
        /// Be the second person of that.
        ApproveAdjustment = "approve_adjustment",
        /// Promotions, draws; who is an agent.
        ManagePromotions = "manage_promotions",
        /// Agents, what they earned, payouts they asked for.
        ReadAgents = "read_agents",
        /// Agree to an agent's payout, as the first or the second person.
        PayAgents = "pay_agents",
        /// Reports over all loans.
        ReadReports = "read_reports",
        /// The audit log and its export.
        ReadAudit = "read_audit",
        /// Who works here.
        ReadStaff = "read_staff",
        /// Ask for somebody to join, leave, gain or lose a role.
        ProposeStaff = "propose_staff",
        /// Be the second person of that.
        ApproveStaff = "approve_staff",
    }
}

codes! {
    /// A field of a person.
    Field {
        /// Surname, name, patronymic.
        Name = "name",
        /// The phone.
        Phone = "phone",
        /// The e-mail address.
        Email = "email",
        /// The day of birth.
        Birth = "birth",
        /// Series and number of the passport.
        Passport = "passport",
        /// The registration address.
        Address = "address",
        /// The tax number.
        Inn = "inn",
        /// Work, income and expenses.
        Income = "income",
        /// Loans and what is owed.
        Loans = "loans",
    }
}

/// How a role sees a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sight {
    /// Not at all.
    Hidden,
    /// Its shape, never enough to use it: `+7 *** ***-45-67`.
    Masked,
    /// Masked until it is opened with a reason, which the borrower's diary shows.
    OnReason,
    /// As it is.
    Open,
}

/// One row for each action; a column for each role in the order of [`Role::ALL`]; `x` allows.
const ACTIONS: &[(Action, &str)] = &[
    //                           sup und pay mar chi aud
    (Action::FindPerson, "x   x   x   -   x   x"),
    (Action::OpenPerson, "x   x   x   -   x   x"),
    (Action::ReadApplications, "-   x   -   -   x   x"),
    (Action::DecideApplication, "-   x   -   -   -   -"),
    (Action::ProveIncome, "-   x   -   -   -   -"),
    (Action::ReadRequests, "x   -   -   -   x   x"),
    (Action::LeadRequest, "x   -   -   -   -   -"),
    (Action::ApproveRequest, "x   -   -   -   x   -"),
    (Action::ReadChats, "x   -   -   -   x   x"),
    (Action::AnswerChat, "x   -   -   -   -   -"),
    (Action::ReadMoney, "-   -   x   -   x   x"),
    (Action::MoveMoney, "-   -   x   -   -   -"),
    (Action::ApproveMoney, "-   -   x   -   x   -"),
    (Action::ProposeAdjustment, "-   -   x   -   x   -"),
    (Action::ApproveAdjustment, "-   -   -   -   x   -"),
    (Action::ManagePromotions, "-   -   -   x   -   -"),
    (Action::ReadAgents, "-   -   x   x   x   x"),
    (Action::PayAgents, "-   -   x   -   x   -"),
    (Action::ReadReports, "-   -   -   x   x   x"),
    (Action::ReadAudit, "-   -   -   -   x   x"),
    (Action::ReadStaff, "-   -   -   -   x   x"),
    (Action::ProposeStaff, "-   -   -   -   x   -"),
    (Action::ApproveStaff, "-   -   -   -   x   -"),
];

/// One row for each field; `-` hidden, `m` masked, `r` on a reason, `o` open.
const FIELDS: &[(Field, &str)] = &[
    //                  sup und pay mar chi aud
    (Field::Name, "o   o   o   -   o   m"),
    (Field::Phone, "r   r   m   -   r   m"),
    (Field::Email, "r   r   m   -   r   m"),
    (Field::Birth, "r   o   -   -   r   -"),
    (Field::Passport, "r   r   -   -   r   m"),
    (Field::Address, "r   r   -   -   r   -"),
    (Field::Inn, "m   r   -   -   r   m"),
    (Field::Income, "-   o   -   -   r   -"),
    (Field::Loans, "o   o   o   -   o   o"),
];

/// The largest sum of an action, in roubles; `-` not at all, `*` any. An action without a row moves no sum, or has its
/// bound in the lender's file.
const SUMS: &[(Action, &str)] = &[
    //                              sup und pay    mar chi aud
    (Action::ProposeAdjustment, "-   -   30000  -   *   -"),
    (Action::ApproveAdjustment, "-   -   -      -   *   -"),
];

fn word(row: &'static str, role: Role) -> &'static str {
    let place = Role::ALL.iter().position(|one| *one == role).unwrap_or(0);
    row.split_whitespace().nth(place).unwrap_or("-")
}

fn cell(row: &'static str, role: Role) -> char {
    word(row, role).chars().next().unwrap_or('-')
}

/// The largest sum of an action that these roles may decide of, as the one of them that may most; none for any.
pub fn up_to(roles: &[Role], action: Action) -> Option<Kopecks> {
    let Some((_, row)) = SUMS.iter().find(|(one, _)| *one == action) else {
        return (!may(roles, action)).then_some(Kopecks::ZERO);
    };
    let words = || roles.iter().map(|role| word(row, *role));
    if words().any(|word| word == "*") {
        return None;
    }
    let roubles = words().filter_map(|word| word.parse().ok());
    Some(Kopecks::from_roubles(roubles.max().unwrap_or(0)))
}

/// Whether any of the roles allows it.
pub fn may(roles: &[Role], action: Action) -> bool {
    let row = ACTIONS.iter().find(|(one, _)| *one == action);
    row.is_some_and(|(_, cells)| roles.iter().any(|role| cell(cells, *role) == 'x'))
}

/// How these roles see a field: as the one of them sees it that sees most.
pub fn sight(roles: &[Role], field: Field) -> Sight {
    let row = FIELDS.iter().find(|(one, _)| *one == field);
    let seen = |role: &Role| match row.map_or('-', |(_, cells)| cell(cells, *role)) {
        'o' => Sight::Open,
        'r' => Sight::OnReason,
        'm' => Sight::Masked,
        _ => Sight::Hidden,
    };
    roles.iter().map(seen).max().unwrap_or(Sight::Hidden)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each row names each role once, and each action and field has exactly one row.
    #[test]
    fn the_tables_are_whole() {
        for row in ACTIONS.iter().map(|row| row.1) {
            let cells: Vec<&str> = row.split_whitespace().collect();
            assert_eq!(cells.len(), Role::ALL.len(), "{row}");
            assert!(cells.iter().all(|cell| matches!(*cell, "x" | "-")), "{row}");
        }
        for row in FIELDS.iter().map(|row| row.1) {
            let cells: Vec<&str> = row.split_whitespace().collect();
            assert_eq!(cells.len(), Role::ALL.len(), "{row}");
            let known = |cell: &&str| matches!(*cell, "-" | "m" | "r" | "o");
            assert!(cells.iter().all(known), "{row}");
        }
        let actions: Vec<Action> = ACTIONS.iter().map(|row| row.0).collect();
        assert_eq!(actions, Action::ALL);
        let fields: Vec<Field> = FIELDS.iter().map(|row| row.0).collect();
        assert_eq!(fields, Field::ALL);
    }

    #[test]
    fn an_auditor_changes_nothing_and_marketing_sees_nobody() {
        let changes = [
            Action::DecideApplication,
            Action::ProveIncome,
            Action::LeadRequest,
            Action::ApproveRequest,
            Action::AnswerChat,
            Action::MoveMoney,
            Action::ApproveMoney,
            Action::ProposeAdjustment,
            Action::ApproveAdjustment,
            Action::ManagePromotions,
            Action::PayAgents,
            Action::ProposeStaff,
            Action::ApproveStaff,
        ];
        for action in changes {
            assert!(!may(&[Role::Auditor], action), "{action:?}");
        }
        for field in Field::ALL {
            assert_eq!(sight(&[Role::Marketing], *field), Sight::Hidden);
        }
        for action in [Action::FindPerson, Action::OpenPerson] {
            assert!(!may(&[Role::Marketing], action));
        }
    }

    #[test]
    fn several_roles_add_up_and_none_is_nothing() {
        for action in Action::ALL {
            assert!(!may(&[], *action));
            for one in Role::ALL {
                for two in Role::ALL {
                    let apart = may(&[*one], *action) || may(&[*two], *action);
                    assert_eq!(may(&[*one, *two], *action), apart);
                }
            }
        }
        for field in Field::ALL {
            assert_eq!(sight(&[], *field), Sight::Hidden);
            for one in Role::ALL {
                for two in Role::ALL {
                    let most = sight(&[*one], *field).max(sight(&[*two], *field));
                    assert_eq!(sight(&[*one, *two], *field), most);
                }
            }
        }
    }

    /// Whoever may not do it has no sum, whoever may has one, and two roles together the larger.
    #[test]
    fn the_sums_follow_the_actions_and_add_up() {
        let rank = |sum: Option<Kopecks>| sum.map_or(i64::MAX, Kopecks::get);
        for action in Action::ALL {
            assert_eq!(up_to(&[], *action), Some(Kopecks::ZERO));
            for one in Role::ALL {
                let alone = rank(up_to(&[*one], *action));
                assert_eq!(alone > 0, may(&[*one], *action), "{one:?} {action:?}");
                for two in Role::ALL {
                    let most = alone.max(rank(up_to(&[*two], *action)));
                    assert_eq!(rank(up_to(&[*one, *two], *action)), most);
                }
            }
        }
        for row in SUMS {
            let words: Vec<&str> = row.1.split_whitespace().collect();
            assert_eq!(words.len(), Role::ALL.len(), "{}", row.1);
            let known = |word: &&str| matches!(*word, "-" | "*") || word.parse::<i64>().is_ok();
            assert!(words.iter().all(known), "{}", row.1);
        }
        let payments = up_to(&[Role::Payments], Action::ProposeAdjustment);
        assert_eq!(payments, Some(Kopecks::from_roubles(30_000)));
    }

    #[test]
    fn codes_come_back() {
        for role in Role::ALL {
            assert_eq!(Role::from_code(role.code()), Some(*role));
        }
        assert_eq!(Role::from_code("owner"), None);
    }
}
