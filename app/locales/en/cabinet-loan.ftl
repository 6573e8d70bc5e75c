cabinet-loan-operation-prolongation = Prolonged by { $days ->
    [one] { $days } day
   *[other] { $days } days
}
