# СМС: коротко, спокойно, с суммой и датой; ничего личного, кроме того, что нужно сделать.
cabinet-notice-approved = { $lender }: займ { $amount } одобрен. Условия ждут вас в кабинете 5 рабочих дней.
cabinet-notice-refused = { $lender }: по заявке на { $amount } пришёл отказ. Причина есть в кабинете.
cabinet-notice-specialist = { $lender }: заявку на { $amount } смотрит специалист. Ответ придёт в СМС.
cabinet-notice-payout-failed = { $lender }: банк не принял перевод. Договор не начал действовать, выберите другую карту в кабинете.
cabinet-notice-issued = { $lender }: { $amount } у вас на карте. Вернуть { $payment } нужно до { $date } включительно.
cabinet-notice-payment = { $lender }: получили { $amount }. Осталось { $left }, следующая дата { $date }.
cabinet-notice-payment-surplus = { $lender }: получили { $amount }, из них { $overpaid } сверх долга. Эти деньги ваши, их можно вернуть.
cabinet-notice-prolonged = { $lender }: получили { $amount }, срок продлён до { $date } включительно.
cabinet-notice-prolonged-free = { $lender }: срок продлён до { $date } включительно.
cabinet-notice-closed = { $lender }: займ закрыт, долга нет. Спасибо. Справка уже в кабинете.
cabinet-notice-due-3 = { $lender }: { $date } платёж { $amount }. Оплатить можно в кабинете картой без комиссии.
cabinet-notice-due-1 = { $lender }: завтра, { $date }, платёж { $amount }. Если неудобно, в кабинете видно, какие есть варианты.
cabinet-notice-due-0 = { $lender }: сегодня платёж { $amount }, до 23:59 по Москве. Оплатить или продлить можно в кабинете.
cabinet-notice-overdue = { $lender }: платёж { $date } не пришёл, сегодня к оплате { $amount }. Сумма растёт с каждым днём. Если трудно, напишите нам, разберёмся вместе.
cabinet-notice-refunded = { $lender }: вернули { $amount } на карту, с которой вы платили. Банк зачислит деньги за несколько дней, чаще сразу.
cabinet-notice-refund-failed = { $lender }: вернуть { $amount } на карту не получилось. Деньги остались вашими, в кабинете видно, что сделать.
