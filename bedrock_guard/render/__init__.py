"""How a report looks: functions from Report to str. Pure, standard library only."""
