dist_man_MANS += conf/embargo-redis.5
dist_doc_DATA += conf/redis.acl
dist_doc_DATA += conf/postfix-main.cf.snippet conf/sendmail.mc.snippet
