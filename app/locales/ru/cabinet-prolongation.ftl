cabinet-prolongation-head = Дополнительное соглашение о продлении срока возврата займа по договору № { $number }
cabinet-prolongation-borrower = Заёмщик: { $name }
cabinet-prolongation-dates = Срок возврата займа переносится с { $old } на { $new } ({ $days ->
    [one] { $days } день
    [few] { $days } дня
   *[other] { $days } дней
}).
cabinet-prolongation-now = Заёмщик платит сегодня: { $amount }.
cabinet-prolongation-fee = В том числе плата за услугу продления: { $amount }.
cabinet-prolongation-then = К оплате на новую дату возврата: { $amount }.
cabinet-prolongation-compare = Всего с продлением: { $total }. Если вернуть заём сегодня: { $today }. Разница: { $extra }.
cabinet-prolongation-effect = Соглашение вступает в силу, когда указанная на сегодня сумма получена и покрывает начисленное на день её получения. До этого срок возврата прежний.
cabinet-prolongation-rest = Остальные условия договора не меняются.
field-days_range = Продлить можно на срок от { $min } до { $max } дней.
