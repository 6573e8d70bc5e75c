# The individual terms: rows of the law's table in its order. The signed document itself is Russian.
cabinet-terms-none = None
cabinet-terms-row-1-title = Loan amount or credit limit and how it changes
cabinet-terms-row-1 = { $amount } ({ $words })
cabinet-terms-row-2-title = Term of the contract and the date the loan is due
cabinet-terms-row-2 = The contract acts from the day the money is handed over until all obligations are met. The loan is due on { $due } (if the money is handed over on { $start }; on another day the dates count from it and the schedule is issued again).
cabinet-terms-row-3-title = Currency of the loan
cabinet-terms-row-3 = Russian rouble
cabinet-terms-row-4-title = Interest rate (a year) or how it is set
cabinet-terms-row-4 = { $annual } % a year ({ $daily } % a day). Interest runs on the outstanding principal for every day from the day after the money is handed over to the day it is returned, inclusive.
cabinet-terms-row-4-promo = { $annual } % a year ({ $daily } % a day) through the due date; after it, if the loan is not returned, { $annual_after } % a year ({ $daily_after } % a day). Interest runs on the outstanding principal for every day from the day after the money is handed over to the day it is returned, inclusive.
cabinet-terms-row-4-annual = { $annual } % a year. Interest runs on the outstanding principal for every day from the day after the money is handed over to the day it is returned, inclusive, by the actual number of days in the year.
cabinet-terms-row-4-special = 0 % a year. A fixed payment of { $payment } is made for the use of the loan.
cabinet-terms-row-5-title = Exchange rate when the lender transfers money to a third party named by the borrower
cabinet-terms-row-5-1-title = How the borrower's costs change when a variable rate grows by one percentage point
cabinet-terms-row-6-title = Number, size and dates of payments, or how they are set
cabinet-terms-row-6 = One payment of { $payment } no later than { $due }: principal { $principal }, interest { $interest }.
cabinet-terms-row-6-many = { $count ->
    [one] { $count } payment
   *[other] { $count } payments
} { $period } of { $payment } (the last may differ), { $total } in all, by the schedule.
cabinet-terms-every-days = { $days ->
    [one] every day
   *[other] every { $days } days
}
cabinet-terms-every-month = every month
cabinet-terms-row-7-title = How payments change after a partial early repayment
cabinet-terms-row-7 = The loan may be returned in whole or in part on any day without notice. From the next day interest runs on what is left. The new schedule and full cost are given to the borrower in the cabinet.
cabinet-terms-row-8-title = Ways to pay where the borrower is
cabinet-terms-row-8 = By bank card in the cabinet at { $site } or by transfer to the lender's account.
cabinet-terms-row-8-1-title = The free way to pay
cabinet-terms-row-8-1 = By bank card in the cabinet at { $site }: the lender takes no fee.
cabinet-terms-row-9-title = Other contracts the borrower must conclude
cabinet-terms-row-10-title = Security the borrower must provide
cabinet-terms-row-11-title = Purposes of the loan
cabinet-terms-row-12-title = Liability of the borrower, the penalty or how it is set
cabinet-terms-row-12 = A penalty of { $rate } % a year on the overdue part of the principal for every day of delay, from the first.
cabinet-terms-row-12-special = A penalty of { $rate } % of the overdue debt for every day of delay, from the first.
cabinet-terms-row-13-title = Assignment of the lender's claims to third parties
cabinet-terms-row-13-yes = The borrower agrees that the lender may assign its claims to third parties.
cabinet-terms-row-13-no = The borrower forbids the lender to assign its claims to third parties.
cabinet-terms-row-13-open = The borrower chooses before signing.
cabinet-terms-row-14-title = Consent to the general terms
cabinet-terms-row-14 = The borrower has read the general terms and agrees to them.
cabinet-terms-row-15-title = Paid services of the lender needed for the contract, their price and the borrower's consent
cabinet-terms-row-16-title = How the lender and the borrower exchange information
cabinet-terms-row-16 = In the cabinet at { $site }, by messages to the borrower's phone and e-mail, by post.
cabinet-terms-cap-notice = Under a contract due within one year no interest, penalties, other liability measures or paid services of the lender may be charged once their sum reaches { $percent } % of the loan amount ({ $cap }).
cabinet-terms-penalty-notice = After a delay the penalty runs only on the unpaid part of the principal.
