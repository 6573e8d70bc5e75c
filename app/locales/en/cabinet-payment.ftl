cabinet-payment-description = Payment under contract { $number }
cabinet-payment-receipt-line = Loan repayment under contract { $number }
field-amount_invalid = Write a sum above zero, such as 1 500 or 1500.50.
field-amount_above_payoff = No more than { $max } is needed today: this sum closes the loan.
