cabinet-loan-operation-prolongation = Срок продлён на { $days ->
    [one] { $days } день
    [few] { $days } дня
   *[other] { $days } дней
}
cabinet-rate-daily = { $rate } % в день
cabinet-rate-annual = { $rate } % годовых
