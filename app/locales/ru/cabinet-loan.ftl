cabinet-loan-operation-prolongation = Срок продлён на { $days ->
    [one] { $days } день
    [few] { $days } дня
   *[other] { $days } дней
}
