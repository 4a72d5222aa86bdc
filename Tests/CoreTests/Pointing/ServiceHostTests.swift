import Testing

@testable import Pointing

@Suite("Hosts that are stood in for") struct ServiceHostTests {
    @Test(
        "the service and the region are told by the name",
        arguments: [
            ("bedrock-agentcore.us-east-1.amazonaws.com", "bedrock-agentcore", "us-east-1"),
            ("Bedrock-AgentCore.US-EAST-1.amazonaws.com.", "bedrock-agentcore", "us-east-1"),
            ("bedrock-agentcore-fips.us-gov-west-1.amazonaws.com", "bedrock-agentcore", "us-gov-west-1"),
            ("bedrock-agentcore.eu-west-1.api.aws", "bedrock-agentcore", "eu-west-1"),
            ("bedrock-agentcore.cn-north-1.amazonaws.com.cn", "bedrock-agentcore", "cn-north-1"),
            ("bedrock-agentcore-control.us-west-2.amazonaws.com", "bedrock-agentcore-control", "us-west-2"),
            ("vpce-1.bedrock-agentcore.us-east-1.vpce.amazonaws.com", "bedrock-agentcore", "us-east-1"),
            ("cognito-idp.us-east-1.amazonaws.com", "cognito-idp", "us-east-1"),
            ("shop.auth.eu-west-1.amazoncognito.com", "cognito-idp", "eu-west-1"),
            ("sts.us-east-1.amazonaws.com", "sts", "us-east-1"), ("ssm.us-east-1.amazonaws.com", "ssm", "us-east-1"),
            ("logs.us-east-1.amazonaws.com", "logs", "us-east-1"), ("xray.us-east-1.api.aws", "xray", "us-east-1"),
        ])
    func known(host: String, service: String, region: String) {
        let found = ServiceHost(host)
        #expect(found?.service == service && found?.region == region)
    }

    @Test("STS has a name for all regions")
    func global() { #expect(ServiceHost("sts.amazonaws.com").map { $0.region == nil } == true) }

    @Test(
        "any other host is somebody else's",
        arguments: [
            "", "amazonaws.com", "example.com", "s3.us-east-1.amazonaws.com", "bedrock-agentcore.us-east-1.example.com",
            "bedrock-agentcore.us-east-1.amazonaws.com.example.com", "xbedrock-agentcore.us-east-1.amazonaws.com",
            "sts..amazonaws.com", "amazoncognito.com", "auth.amazoncognito.com", "127.0.0.1", "localhost",
        ])
    func unknown(host: String) { #expect(ServiceHost(host) == nil) }
}
