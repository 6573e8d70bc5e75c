# Prolonging: what time costs, the signature, what came of it.
prolong-title = Prolong the loan
prolong-lead = Contract No. { $number }
prolong-days = For how many days
prolong-days-hint = From { $min } to { $max }, counted from the old date.
prolong-recount = Count again
prolong-pay-now = To pay today
prolong-fee = the service of prolonging in it
prolong-due-then = Then, { $date }
prolong-then = Then
prolong-total = Altogether
prolong-pay-today = If paid off today
prolong-extra = Price of more time
prolong-left = { $left ->
    [0] This is the last prolongation of this year.
   *[other] Prolongations left this year after it: { $left }.
}
prolong-prepare = Prolong on these terms
prolong-prepare-what = Next come the agreement's text and a code by SMS. The new date acts once the payment has come.

prolong-no-title = It can't be prolonged now
prolong-no-what = You can pay a part: it makes the debt smaller at once.
prolong-no-yet = It can be prolonged from { $date }.
prolong-no-longer = It could be prolonged until { $date }.
prolong-no-window = The loan can't be prolonged now.
prolong-no-count = There have been as many prolongations this year as allowed. The next one from { $date }.
prolong-no-days = Type a number of days from { $min } to { $max }.
prolong-no-closed = The loan is closed, there is nothing to prolong.
prolong-no-interest = The interest has to be paid first: { $owed }.
prolong-no-kind = Loans of such a term are not prolonged.

prolong-sign-title = Agreement to prolong until { $date }
prolong-sign = Sign and pay { $sum }
prolong-sign-free = Sign
prolong-sign-what = After signing the payment opens. Until it comes the old date stands.
prolong-not-now = Don't prolong
prolong-signed-title = The agreement is signed
prolong-signed-what = { $sum } is left to pay. When the money comes, the date becomes { $date }.
prolong-signed-pay = To the payment
prolong-effective-title = The loan is prolonged
prolong-effective-what = Return by { $date }.
prolong-stale-title = The prolongation did not begin
prolong-stale-what = { $sum } came on another day, when the price was different. It counts for the debt, the date stays.
prolong-expired-title = The agreement is over
prolong-expired-what = It was not signed or not paid on the same day. The date stays, nothing more has accrued.
prolong-again = Count anew
