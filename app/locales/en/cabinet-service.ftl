# Applications about services: canonical text, always Russian in the paper.
cabinet-service-on-title = Application to switch on a service beside contract No. { $number }
cabinet-service-off-title = Refusal of a service beside contract No. { $number }
cabinet-service-from = Borrower: { $name }
cabinet-service-on-ask = Please switch on the service “{ $title }”. Rendered by: { $by }.
cabinet-service-on-sms = Seven days before each payment a text message comes with the date, the sum of the payment and the sum that closes the loan. The reminders three days before, the day before and on the day are free and come without the service.
cabinet-service-on-free = The service is free.
cabinet-service-on-price = The service costs { $price } ({ $words }), once. It acts once the payment has come.
cabinet-service-on-psk = Full cost of the loan without the service { $without } % a year, with it { $with } % a year.
cabinet-service-on-refusal = I know: for 30 calendar days the service can be refused in the cabinet. The money less the used part comes back within seven working days (353-ФЗ, article 7).
cabinet-service-on-free-will = I switch the service on of my own will. The decision on the loan and its terms do not depend on it.
cabinet-service-off-ask = I refuse the service “{ $title }”.
cabinet-service-off-nothing = There is no money to return.
cabinet-service-off-back = Return { $sum } ({ $words }) by { $date }. Kept for the used part: { $kept }.
cabinet-service-refund-title = Notice of money returned for a service beside contract No. { $number }
cabinet-service-refund-effect = The money went back the way it came. The terms of the loan are not affected.
cabinet-service-receipt = This is the price of a service: it does not reduce the debt.
