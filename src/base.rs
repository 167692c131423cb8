//! Ids, calendar dates, named limits: what every other module stands on.
