"""The rules of Leadferry: pure decisions on plain values, made with the standard library alone.

The way of a contact, and the modules that decide each step:

    contacts ->  qualify  ->    map     ->   plan   ->   deliver   ->     record
    contact      qualify      mapping        plan        batch            state
                              rule           lead        outcome          quarantine
                              describe       change      verdicts         budget
                              preflight                                   schedule

No clock, no database, no request, no log: what is needed comes in, what is decided goes out.
"""
