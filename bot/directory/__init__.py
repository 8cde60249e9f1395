"""The directory of services, in the words of Open Referral UK."""
