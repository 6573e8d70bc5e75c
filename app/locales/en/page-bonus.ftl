# Bonuses: how many there are, what they are given for and spent on.
bonus-title = Bonuses
bonus-lead = One bonus is one rouble. Bonuses pay the interest of a loan.
bonus-have = You have now
bonus-ends = { $sum } end after { $date }.
bonus-to = What they pay and where they came from
bonus-spend-title = Pay with bonuses
bonus-spend-of = Contract { $number }: pay with bonuses
bonus-spend-amount = How many bonuses to spend
bonus-spend-hint = Up to { $most }. The interest today is { $interest }.
bonus-spend-go = Spend bonuses on the interest
bonus-beside-pay = You have { $balance } in bonuses. Spend them on the interest and there is less to pay.
bonus-beside-prolong = You have { $balance } in bonuses. A prolongation costs the interest so far: spend bonuses and it gets cheaper.
bonus-no-interest = There is no interest today that bonuses could pay.
bonus-no-share = Bonuses have paid the part of the interest that they may. The rest is paid with money.
bonus-no-payment = A payment of this contract is under way. Bonuses can be spent when it is over.
bonus-rules = The rules
bonus-rule-interest = { $percent } % of the interest you pay with money comes back as bonuses.
bonus-rule-loan = { $sum } for a loan repaid without delay. It has to last at least { $days ->
    [one] { $days } day
   *[other] { $days } days
}.
bonus-rule-share = Bonuses may pay up to { $percent } % of a contract's interest.
bonus-rule-prolong = Before a prolongation bonuses lower the interest that has to be paid.
bonus-rule-expiry = Bonuses live { $days ->
    [one] { $days } day
   *[other] { $days } days
}. Those that end first are spent first.
bonus-rule-money = Bonuses are a gift: nobody pays for them and they are not paid out. They do not pay principal or penalty.
bonus-none-yet = There have been no bonuses yet.
bonus-history = History
bonus-of-loan = contract { $number }
bonus-until = Spend by { $date }
bonus-entry-loan = For a loan without delay
bonus-entry-interest = For interest you paid
bonus-entry-inviter = For a friend
bonus-entry-friend = For coming by a friend's invitation
bonus-entry-prize = A prize of a draw
bonus-entry-spent = Spent on interest
bonus-entry-returned = Came back: the interest was paid with money
bonus-entry-expired = Ended
bonus-entry-forfeited = The cabinet was closed
closing-cost-bonuses = Your bonuses are lost: { $sum }. They can't be brought back.
field-amount_above_bonus = Bonuses can pay no more than { $max } now.
error-bonus-none = There are no bonuses to spend. The debt has not changed. You can pay with money.
error-bonus-short = There are fewer bonuses than you want to spend. Reload the page: it has the new sum. Your bonuses are kept.
error-bonus-no-interest = There is no interest today that bonuses could pay. Your bonuses are still yours. Try on another day: they are kept.
error-bonus-share = Bonuses have paid the part of the interest that they may. The rest is paid with money, your bonuses are still yours. They are kept: you can spend them next time.
invite-title = Invite a friend
invite-lead = You get { $inviter } in bonuses and your friend { $friend } when they first pay interest.
invite-link = Your link
invite-code = The code, when that is easier to tell:
invite-came = Came by your invitation: { $count }
invite-state-waiting = Waiting for the first interest
invite-state-rewarded = Bonuses given
invite-state-refused = No bonuses: the rules were not met
invite-rule-paid = Both get bonuses after the first interest your friend pays.
invite-rule-self = A second cabinet of your own does not count: with one passport, phone, card or device there are no bonuses.
invite-rule-year = Friends who bring bonuses in a year: { $count } at most.
invite-rule-quiet = We do not show who came or what loan they have.
invite-came-title = A friend's code
invite-came-lead = If somebody invited you, write the code. Both get bonuses when you first pay interest.
invite-code-field = Code
invite-code-keep = Remember the code
invite-unknown = There is no such code. Check the letters and digits or go on without a code.
invite-have-code = I have a friend's code
invite-brought = Invited? You have the code of a friend or an agent
invite-brought-field = The code of a friend or an agent
invite-brought-hint = Optional. It changes neither the decision nor the price.
field-invite_unknown = There is no such code. Check its letters and digits, or clear it and go on without one.
