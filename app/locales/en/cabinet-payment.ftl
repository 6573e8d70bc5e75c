cabinet-payment-description = Payment under contract { $number }
cabinet-payment-receipt-line = Loan repayment under contract { $number }
field-amount_invalid = Write a sum above zero, such as 1 500 or 1500.50.
field-amount_above_payoff = No more than { $max } is needed today: this sum closes the loan.
field-amount_below_least = The bank takes no payments below { $least }. Type a larger sum.
field-amount_leaves_tail = { $tail } would be left: the bank would not take so little later. Pay all of it, { $all }, or a smaller sum.
cabinet-refund-receipt-line = Refund under contract No { $number }
