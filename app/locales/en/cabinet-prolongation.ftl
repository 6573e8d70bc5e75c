cabinet-prolongation-head = Supplementary agreement on prolonging the loan under contract No. { $number }
cabinet-prolongation-borrower = Borrower: { $name }
cabinet-prolongation-dates = The loan's due date moves from { $old } to { $new } ({ $days ->
    [one] { $days } day
   *[other] { $days } days
}).
cabinet-prolongation-now = The borrower pays today: { $amount }.
cabinet-prolongation-fee = Including the fee for the prolongation service: { $amount }.
cabinet-prolongation-then = To pay on the new due date: { $amount }.
cabinet-prolongation-compare = In all with the prolongation: { $total }. If the loan is returned today: { $today }. Difference: { $extra }.
cabinet-prolongation-effect = The agreement takes effect when the sum named for today is received and covers what has accrued on the day of its receipt. Until then the due date stays.
cabinet-prolongation-rest = The other terms of the contract do not change.
field-days_range = You can prolong by { $min } to { $max } days.
