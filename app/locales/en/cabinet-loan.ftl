cabinet-loan-operation-prolongation = Prolonged by { $days ->
    [one] { $days } day
   *[other] { $days } days
}
cabinet-rate-daily = { $rate } % a day
cabinet-rate-annual = { $rate } % a year
