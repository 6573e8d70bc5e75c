# Words shared by all pages.
weekday-1 = Monday
weekday-2 = Tuesday
weekday-3 = Wednesday
weekday-4 = Thursday
weekday-5 = Friday
weekday-6 = Saturday
weekday-7 = Sunday
weekday-by-1 = Monday
weekday-by-2 = Tuesday
weekday-by-3 = Wednesday
weekday-by-4 = Thursday
weekday-by-5 = Friday
weekday-by-6 = Saturday
weekday-by-7 = Sunday
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December
date-long = { $day } { $month } { $year }
date-short = { $day } { $month }
date-by = { $weekday }, { $day } { $month }
days = { $count ->
    [one] { $count } day
   *[other] { $count } days
}
zone-moscow = Moscow time
zone-other = MSK{ $shift }
