-- Keep a longer delay between requests to a host. ARGV: host, delay in ms, for how long to remember it in ms.
redis.call('SET', cluster .. 'pace:' .. ARGV[1], ARGV[2], 'PX', ARGV[3])
return 1
