# Rules of a draw: read before taking part, and kept with the consent word for word.
cabinet-draw-rules-title = Rules of the draw “{ $title }”.
cabinet-draw-rules-organizer = Held by { $lender }, OGRN { $ogrn }, address: { $address }.
cabinet-draw-rules-free = Taking part is free and up to you. It changes neither the terms of loans nor decisions on applications. There is no need to borrow for a ticket.
cabinet-draw-rules-who = Clients who pressed “Take part” themselves take part. The organizer's employees do not.
cabinet-draw-rules-period = You can join and get tickets from { $from } to { $until } inclusive.
cabinet-draw-rules-loan-repaid = Each loan that you repay in that time without a day of delay brings a ticket. The loan must last at least { $days ->
    [one] { $days } day
   *[other] { $days } days
}.
cabinet-draw-rules-payment-on-time = Each payment date in that time that passes without a delay brings a ticket. Repaying a loan early does too, if it lasted at least { $days ->
    [one] { $days } day
   *[other] { $days } days
} and was never late.
cabinet-draw-rules-most = One person has at most { $count ->
    [one] { $count } ticket
   *[other] { $count } tickets
}.
cabinet-draw-rules-prizes = Prizes:
cabinet-draw-rules-prize = — { $title }, worth { $value }, { $count } in all.
cabinet-draw-rules-one-prize = One person wins one prize at most.
cabinet-draw-rules-many-prizes = One person may win several prizes, one ticket wins only one.
cabinet-draw-rules-drawing = The prizes are drawn on { $date } at { $time } by the organizer's clock. The results appear on the page “Draws”.
cabinet-draw-rules-how = Winners are found by a computation and not by a person. On the first day we publish the fingerprint of a random number, after the list of tickets is closed the fingerprint of the list, and on the day of the draw the number itself. Anybody can repeat the computation and compare.
cabinet-draw-rules-accept = A winner gets a notice and has { $days ->
    [one] { $days } day
   *[other] { $days } days
} to confirm in the cabinet that they take the prize. Without an answer it goes to the next ticket.
cabinet-draw-rules-tax = Prizes up to 4,000 ₽ a year are not taxed (article 217 of the Tax Code). Income tax is paid on what is above. We withhold it from a prize in money, and tell the tax office and you about any other prize.
cabinet-draw-rules-data = The site { $site } shows ticket numbers only. They do not tell a name, a phone or a contract.
cabinet-draw-rules-leave = You can leave the draw in the cabinet until the last day inclusive.
cabinet-draw-rules-collect = When the prize can be collected, the winner is told where it is and until which day it waits: { $days ->
    [one] { $days } day
   *[other] { $days } days
}. Then it goes to the next ticket.
